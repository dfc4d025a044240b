import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { doorsOf, ENTRY, functionOf, RECOMMENDED_FLAGS, testStack } from './synthesis';
import { AppSource, AppSourceBindOptions, AppSourceConfig, FrontDoor, FrontDoorConfig, FrontDoorName, IFrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../src';
import { FRONT_DOOR_NAMES } from '../../src/front-doors/i-front-door';

// With the recommended feature flags the CDK prints a report of all warnings.
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation());

function templateOf(props: Partial<WrappedWebAppProps> = {}, stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...props });
  return Template.fromStack(stack);
}

describe('the function', () => {
  test('has defaults that suit a web app', () => {
    templateOf().hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 29,
      MemorySize: 1024,
      Runtime: 'nodejs24.x',
      Handler: 'app.handler',
      Environment: { Variables: { NODE_ENV: 'production', NODE_OPTIONS: Match.absent() } },
    });
  });

  test('has the settings of the user', () => {
    templateOf({
      timeout: cdk.Duration.seconds(5),
      memorySize: 256,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      tracing: lambda.Tracing.ACTIVE,
    }).hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 5,
      MemorySize: 256,
      Runtime: 'nodejs22.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('a setting that is undefined has its default', () => {
    templateOf({ timeout: undefined, memorySize: undefined, runtime: undefined }).hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 29,
      MemorySize: 1024,
      Runtime: 'nodejs24.x',
    });
  });

  test('keeps the environment variables of the user', () => {
    const { Variables } = functionOf(templateOf({ environment: { TABLE: 'orders', NODE_ENV: 'staging' } })).Environment;
    expect(Variables).toMatchObject({ TABLE: 'orders', NODE_ENV: 'staging' });
  });

  test('has the environment variables of the app source, which gets those of the user', () => {
    class ReadingSource extends AppSource {
      public bind(_: unknown, { environment, snapStart }: AppSourceBindOptions): AppSourceConfig {
        expect([environment, snapStart]).toEqual([{ SIZE: 'large', OTHER: 'x' }, lambda.SnapStartConf.ON_PUBLISHED_VERSIONS]);
        return {
          code: lambda.Code.fromInline('x'),
          handler: 'index.handler',
          runtime: lambda.Runtime.PYTHON_3_13,
          environment: { COLOR: 'blue', SIZE: 'small' },
        };
      }
    }
    const template = templateOf({
      entry: new ReadingSource(),
      environment: { SIZE: 'large', OTHER: 'x' },
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
      aliasName: 'live',
    });
    expect(functionOf(template).Environment.Variables).toMatchObject({ COLOR: 'blue', SIZE: 'large', OTHER: 'x' });
  });

  test.each(FRONT_DOOR_NAMES)('gets the front door %s as a literal', frontDoor => {
    expect(doorsOf(templateOf({ frontDoor }))).toEqual([{ door: frontDoor, responseMode: 'buffered' }]);
  });
});

describe('the properties of the construct', () => {
  test('url is printed after a deployment', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
    const outputs = Template.fromStack(stack).toJSON().Outputs;
    expect(Object.keys(outputs)).toEqual([expect.stringMatching(/^WebUrl[0-9A-F]{8}$/)]);
    expect(Object.values(outputs)).toEqual([{ Value: stack.resolve(web.url) }]);
  });

  test('permissions that are granted to the app are granted to the function', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
    new s3.Bucket(stack, 'Bucket').grantRead(web);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'] })] },
      Roles: [{ Ref: stack.getLogicalId(web.handler.role!.node.defaultChild as cdk.CfnElement) }],
    });
  });

  test('connections are those of the function in its VPC', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, vpc });
    web.connections.allowTo(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(5432));
    expect(web.connections).toBe(web.handler.connections);
  });

  test('connections fails if the function has no VPC', () => {
    const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
    expect(() => web.connections).toThrow(/VPC/);
  });
});

describe('a front door of the user', () => {
  test('is bound in its own scope', () => {
    const door: IFrontDoor = {
      bind(scope, options): FrontDoorConfig {
        expect(scope.node.path).toBe('Stack/Web/FrontDoor');
        expect(options.handler).toBeInstanceOf(lambda.Function);
        return { door: 'function-url', url: 'https://example.com/', responseMode: 'buffered', mountPrefix: '/shop' };
      },
    };
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: door });
    expect(web.url).toBe('https://example.com/');
    expect(doorsOf(Template.fromStack(stack))).toEqual([{ door: 'function-url', mountPrefix: '/shop', responseMode: 'buffered' }]);
  });

  test('can be used for two apps', () => {
    const stack = testStack();
    const seen: string[] = [];
    const door: IFrontDoor = {
      bind(scope) {
        seen.push(scope.node.path);
        return { door: 'alb', url: 'http://example.com/', responseMode: 'buffered' };
      },
    };
    new WrappedWebApp(stack, 'One', { entry: ENTRY, frontDoor: door });
    new WrappedWebApp(stack, 'Two', { entry: ENTRY, frontDoor: door });
    expect(seen).toEqual(['Stack/One/FrontDoor', 'Stack/Two/FrontDoor']);
  });
});

describe('a second front door', () => {
  const internal = (stack: cdk.Stack) => FrontDoor.alb({ internetFacing: false, vpc: new ec2.Vpc(stack, 'Vpc') });

  test('invokes the same function, which knows both front doors', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'http-api' });
    const door = web.addFrontDoor('Internal', internal(stack));
    expect(door.loadBalancer).toBeDefined();
    expect(web.loadBalancer).toBeUndefined();

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'apigateway.amazonaws.com' });
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'elasticloadbalancing.amazonaws.com' });
    expect(doorsOf(template)).toEqual([{ door: 'http-api', responseMode: 'buffered' }, { door: 'alb', responseMode: 'buffered' }]);
  });

  test('has an output with its URL', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
    const { url } = web.addFrontDoor('Api', 'http-api');
    const outputs = Template.fromStack(stack).toJSON().Outputs;
    expect(Object.keys(outputs)).toEqual([expect.stringMatching(/^WebUrl/), expect.stringMatching(/^WebApiUrl/)]);
    expect(Object.values(outputs)[1]).toEqual({ Value: stack.resolve(url) });
  });
});

describe('an alias', () => {
  test.each(FRONT_DOOR_NAMES)('is in the target and in every permission of %s', frontDoor => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor, aliasName: 'live' });
    const alias = stack.resolve(web.alias!.functionArn);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Alias', { Name: 'live', FunctionName: { Ref: 'WebHandler9CF88F82' } });
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    expect(permissions.length).toBeGreaterThan(0);
    for (const { Properties } of permissions) expect(Properties.FunctionName).toEqual(alias);
    const targets: Record<FrontDoorName, [type: string, properties: object]> = {
      'function-url': ['AWS::Lambda::Url', { Qualifier: 'live', TargetFunctionArn: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] } }],
      'http-api': ['AWS::ApiGatewayV2::Integration', { IntegrationUri: alias }],
      'rest-api': ['AWS::ApiGateway::Method', { Integration: { Uri: { 'Fn::Join': ['', Match.arrayWith([alias])] } } }],
      'alb': ['AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: alias }] }],
    };
    template.hasResourceProperties(...targets[frontDoor]);
  });

  test('gets a new version if the settings of the function change', () => {
    const versionOf = (environment?: { [key: string]: string }) =>
      Object.keys(templateOf({ aliasName: 'live', environment }).findResources('AWS::Lambda::Version'));
    expect(versionOf()).toEqual(versionOf());
    expect(versionOf({ CHANGED: 'yes' })).not.toEqual(versionOf());
  });

  test('gets a new version if the code changes', () => {
    const versionOf = (text: string) => {
      const entry = AppSource.prebuilt(lambda.Code.fromInline(text), 'index.main');
      return Object.keys(templateOf({ aliasName: 'live', entry }).findResources('AWS::Lambda::Version'));
    };
    expect(versionOf('one')).toEqual(versionOf('one'));
    expect(versionOf('two')).not.toEqual(versionOf('one'));
  });

  test('can have gradual deployments', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, aliasName: 'live' });
    new codedeploy.LambdaDeploymentGroup(stack, 'Deployment', { alias: web.alias!, deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES });
    Template.fromStack(stack).hasResource('AWS::Lambda::Alias', { UpdatePolicy: { CodeDeployLambdaAliasUpdate: Match.anyValue() } });
  });

  test('can have provisioned concurrency with autoscaling', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, aliasName: 'live', aliasOptions: { provisionedConcurrentExecutions: 2 } });
    web.alias!.addAutoScaling({ minCapacity: 2, maxCapacity: 10 }).scaleOnUtilization({ utilizationTarget: 0.6 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 10 });
  });

  test('is enough for SnapStart', () => {
    const code = lambda.Code.fromInline('def main(event, context): pass');
    const template = templateOf({
      entry: AppSource.prebuilt(code, 'index.main'),
      runtime: lambda.Runtime.PYTHON_3_13,
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
      aliasName: 'live',
    });
    template.hasResourceProperties('AWS::Lambda::Function', { SnapStart: { ApplyOn: 'PublishedVersions' } });
    template.resourceCountIs('AWS::Lambda::Version', 1);
  });

  test('is required for SnapStart', () => {
    const code = lambda.Code.fromInline('def main(event, context): pass');
    expect(() => templateOf({
      entry: AppSource.prebuilt(code, 'index.main'),
      runtime: lambda.Runtime.PYTHON_3_13,
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
    })).toThrow("Stack/Web: snapStart works only on published versions, but the front door calls the function itself; give the function an alias, e.g. aliasName: 'live'");
  });

  test('fails if it has options but no name', () => {
    expect(() => templateOf({ aliasOptions: {} })).toThrow("Stack/Web: aliasOptions needs aliasName; give the alias a name, e.g. aliasName: 'live'");
  });
});

test.each(FRONT_DOOR_NAMES)('the template of %s is the same with no feature flags and with all recommended ones', frontDoor => {
  const plain = templateOf({ frontDoor }).toJSON();
  const flagged = templateOf({ frontDoor }, testStack(RECOMMENDED_FLAGS)).toJSON();
  expect(flagged).toEqual(plain);
});

import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ENTRY, RECOMMENDED_FLAGS, testStack } from './synthesis';
import { FrontDoorConfig, FrontDoorName, IFrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../src';

// The CDK warns of the deprecated properties that users may still set.
process.env.JSII_DEPRECATED = 'quiet';

const DOORS: FrontDoorName[] = ['function-url', 'http-api', 'rest-api', 'alb'];

function templateOf(props: Partial<WrappedWebAppProps> = {}, stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...props });
  return Template.fromStack(stack);
}

function functionOf(template: Template): Record<string, any> {
  return template.findResources('AWS::Lambda::Function').WebHandler9CF88F82.Properties;
}

describe('the function', () => {
  test('has defaults that suit a web app', () => {
    templateOf().hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 29,
      MemorySize: 1024,
      Runtime: 'nodejs24.x',
      Handler: 'app.handler',
      Environment: { Variables: { NODE_ENV: 'production', NODE_OPTIONS: '--enable-source-maps' } },
    });
  });

  test('takes what any function takes', () => {
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

  test('keeps the environment of the user', () => {
    const environment = { NODE_ENV: 'staging', NODE_OPTIONS: '--max-http-header-size=32768', TABLE: 'orders' };
    templateOf({ environment }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { NODE_ENV: 'staging', NODE_OPTIONS: '--max-http-header-size=32768 --enable-source-maps', TABLE: 'orders' },
      },
    });
  });

  test('does not repeat an option of Node that the user set', () => {
    const environment = { NODE_OPTIONS: '--enable-source-maps --trace-warnings' };
    expect(functionOf(templateOf({ environment })).Environment.Variables.NODE_OPTIONS).toBe('--enable-source-maps --trace-warnings');
  });

  test.each(DOORS)('is told that its door is %s, in a literal', frontDoor => {
    const doors = functionOf(templateOf({ frontDoor })).Environment.Variables.WRAPPED_WEB_APP_DOORS;
    expect(JSON.parse(doors)).toEqual([{ door: frontDoor, responseMode: 'buffered' }]);
  });
});

describe('the log group', () => {
  test('keeps logs for a month', () => {
    const template = templateOf();
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: 'WebLogGroup1664F270' } } });
  });

  test('is the one that the user gave', () => {
    const stack = testStack();
    const logGroup = new logs.LogGroup(stack, 'Own');
    const template = templateOf({ logGroup }, stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: stack.getLogicalId(logGroup.node.defaultChild as cdk.CfnElement) } } });
  });

  test('goes with the stack when the user says so', () => {
    templateOf({ logRemovalPolicy: cdk.RemovalPolicy.DESTROY }).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('is left to the CDK where the user sets logRetention', () => {
    const template = templateOf({ logRetention: logs.RetentionDays.ONE_DAY });
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.hasResourceProperties('Custom::LogRetention', { RetentionInDays: 1 });
  });
});

describe('what the construct offers', () => {
  test('url is printed after a deployment', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
    const outputs = Template.fromStack(stack).toJSON().Outputs;
    expect(Object.keys(outputs)).toEqual([expect.stringMatching(/^WebUrl[0-9A-F]{8}$/)]);
    expect(Object.values(outputs)).toEqual([{ Value: stack.resolve(web.url) }]);
  });

  test('permissions are granted to the function', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
    new s3.Bucket(stack, 'Bucket').grantRead(web);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'] })] },
      Roles: [{ Ref: stack.getLogicalId(web.handler.role!.node.defaultChild as cdk.CfnElement) }],
    });
  });

  test('connections are those of a function in a VPC', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, vpc });
    web.connections.allowTo(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(5432));
    expect(web.connections).toBe(web.handler.connections);
  });

  test('connections fails where the function has no VPC', () => {
    const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
    expect(() => web.connections).toThrow(/VPC/);
  });

  test('a door of the user is bound in a scope of its own', () => {
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
    const { Environment } = functionOf(Template.fromStack(stack));
    expect(JSON.parse(Environment.Variables.WRAPPED_WEB_APP_DOORS)).toEqual([{ door: 'function-url', mountPrefix: '/shop', responseMode: 'buffered' }]);
  });

  test('one door serves two apps', () => {
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

describe('logical ids are the same', () => {
  test.each(DOORS)('from release to release: %s', frontDoor => {
    const { Resources } = templateOf({ frontDoor }).toJSON();
    // A changed id replaces the resource in every user's stack: a load balancer, an API and their addresses.
    expect(Object.keys(Resources).sort()).toMatchSnapshot();
  });

  test.each(DOORS)('and so is the template, without feature flags and with all recommended ones: %s', frontDoor => {
    const plain = templateOf({ frontDoor }).toJSON();
    const flagged = templateOf({ frontDoor }, testStack(RECOMMENDED_FLAGS)).toJSON();
    expect(flagged).toEqual(plain);
  });
});

describe('fails at synthesis', () => {
  test('when the front door is none that there is', () => {
    expect(() => templateOf({ frontDoor: 'cloudfrunt' as FrontDoorName }))
      .toThrow('Stack/Web: frontDoor must be one of function-url, http-api, rest-api, alb or a FrontDoor, got "cloudfrunt"');
  });

  test.each(['http-api', 'alb'] as const)('when %s is to stream', frontDoor => {
    expect(() => templateOf({ frontDoor, responseStreaming: true }))
      .toThrow(`Stack/Web/FrontDoor: frontDoor '${frontDoor}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
  });
});

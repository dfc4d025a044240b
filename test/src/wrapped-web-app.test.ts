import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ENTRY, RECOMMENDED_FLAGS, testStack } from './synthesis';
import { AppSource, FrontDoor, FrontDoorConfig, FrontDoorName, IFrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../src';

// The CDK warns of the deprecated properties that users may still set.
process.env.JSII_DEPRECATED = 'quiet';
// With the recommended flags it prints a report of every warning.
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation());

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

  test('has its defaults where the user gives undefined', () => {
    templateOf({ timeout: undefined, memorySize: undefined, runtime: undefined }).hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 29,
      MemorySize: 1024,
      Runtime: 'nodejs24.x',
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

  test.each([FrontDoor.functionUrl(), FrontDoor.httpApi(), FrontDoor.restApi(), FrontDoor.alb()])('one built-in door serves two apps', door => {
    const stack = testStack();
    const urls = ['One', 'Two'].map(id => new WrappedWebApp(stack, id, { entry: ENTRY, frontDoor: door }).url);
    expect(stack.resolve(urls[0])).not.toEqual(stack.resolve(urls[1]));
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
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

describe('a second front door', () => {
  const internal = (stack: cdk.Stack) => FrontDoor.alb({ internetFacing: false, vpc: new ec2.Vpc(stack, 'Vpc') });

  test('calls the same function, which is told of both', () => {
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
    expect(JSON.parse(functionOf(template).Environment.Variables.WRAPPED_WEB_APP_DOORS))
      .toEqual([{ door: 'http-api', responseMode: 'buffered' }, { door: 'alb', responseMode: 'buffered' }]);
  });

  test('prints its address as well', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
    const { url } = web.addFrontDoor('Api', 'http-api');
    const outputs = Template.fromStack(stack).toJSON().Outputs;
    expect(Object.keys(outputs)).toEqual([expect.stringMatching(/^WebUrl/), expect.stringMatching(/^WebApiUrl/)]);
    expect(Object.values(outputs)[1]).toEqual({ Value: stack.resolve(url) });
  });

  test('fails when it cannot stream and the first one does', () => {
    const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, responseStreaming: true });
    expect(() => web.addFrontDoor('Internal', 'alb')).toThrow(
      "Stack/Web/Internal: frontDoor 'alb' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming");
  });

  test('fails when it takes the other kind of response', () => {
    const streaming: IFrontDoor = { bind: () => ({ door: 'rest-api', url: 'https://example.com/', responseMode: 'streaming' }) };
    const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
    expect(() => web.addFrontDoor('Other', streaming)).toThrow(
      "Stack/Web/Other: front door 'rest-api' takes streaming responses and 'function-url' takes buffered ones, "
      + 'but a function can only give one kind; use doors that agree, or a second app with the same entry');
  });

  test('fails when it is a second Function URL', () => {
    const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
    expect(() => web.addFrontDoor('Other', 'function-url')).toThrow(
      'Stack/Web/Other: a function can have one Function URL only, and this one has it already; use another front door');
  });

  test('fails when there is no such door', () => {
    const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
    expect(() => web.addFrontDoor('Other', 'cloudfront' as FrontDoorName)).toThrow('Stack/Web: frontDoor must be one of');
  });
});

describe('an alias', () => {
  test.each(DOORS)('is what the target and every permission of %s name', frontDoor => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor, aliasName: 'live' });
    const alias = stack.resolve(web.alias!.functionArn);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Alias', { Name: 'live', FunctionName: { Ref: 'WebHandler9CF88F82' } });
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    expect(permissions.length).toBeGreaterThan(0);
    for (const { Properties } of permissions) expect(Properties.FunctionName).toEqual(alias);
    switch (frontDoor) {
      case 'function-url':
        return template.hasResourceProperties('AWS::Lambda::Url', { Qualifier: 'live', TargetFunctionArn: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] } });
      case 'http-api':
        return template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: alias });
      case 'rest-api':
        return template.hasResourceProperties('AWS::ApiGateway::Method', { Integration: { Uri: { 'Fn::Join': ['', Match.arrayWith([alias])] } } });
      case 'alb':
        return template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: alias }] });
    }
  });

  test('follows each change of the function with a new version', () => {
    const versionOf = (environment?: { [key: string]: string }) =>
      Object.keys(templateOf({ aliasName: 'live', environment }).findResources('AWS::Lambda::Version'));
    expect(versionOf()).toEqual(versionOf());
    expect(versionOf({ CHANGED: 'yes' })).not.toEqual(versionOf());
  });

  test('follows each change of the code with a new version', () => {
    const versionOf = (text: string) => {
      const entry = AppSource.prebuilt(lambda.Code.fromInline(text), 'index.main');
      return Object.keys(templateOf({ aliasName: 'live', entry }).findResources('AWS::Lambda::Version'));
    };
    expect(versionOf('one')).toEqual(versionOf('one'));
    expect(versionOf('two')).not.toEqual(versionOf('one'));
  });

  test('can be deployed gradually', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, aliasName: 'live' });
    new codedeploy.LambdaDeploymentGroup(stack, 'Deployment', { alias: web.alias!, deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES });
    Template.fromStack(stack).hasResource('AWS::Lambda::Alias', { UpdatePolicy: { CodeDeployLambdaAliasUpdate: Match.anyValue() } });
  });

  test('can have provisioned concurrency, and scale it', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, aliasName: 'live', aliasOptions: { provisionedConcurrentExecutions: 2 } });
    web.alias!.addAutoScaling({ minCapacity: 2, maxCapacity: 10 }).scaleOnUtilization({ utilizationTarget: 0.6 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 10 });
  });

  test('makes SnapStart work', () => {
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

  test('fails when SnapStart has none', () => {
    const code = lambda.Code.fromInline('def main(event, context): pass');
    expect(() => templateOf({
      entry: AppSource.prebuilt(code, 'index.main'),
      runtime: lambda.Runtime.PYTHON_3_13,
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
    })).toThrow("Stack/Web: snapStart works on published versions only, and the front door would call the function itself; give it an alias, e.g. aliasName: 'live'");
  });

  test('fails when it has options and no name', () => {
    expect(() => templateOf({ aliasOptions: {} })).toThrow("Stack/Web: aliasOptions without aliasName; give the alias a name, e.g. aliasName: 'live'");
  });
});

describe('warns', () => {
  function warningsOf(props: Partial<WrappedWebAppProps>): string[] {
    const stack = testStack();
    new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...props });
    return Annotations.fromStack(stack).findWarning('/Stack/Web', Match.anyValue()).map(({ entry }) => String(entry.data));
  }

  test.each([
    ['http-api', 30],
    ['rest-api', 29],
    ['alb', 60],
  ] as const)('of a function that may run longer than %s waits', (frontDoor, seconds) => {
    expect(warningsOf({ frontDoor, timeout: cdk.Duration.seconds(seconds) })).toEqual([]);
    expect(warningsOf({ frontDoor, timeout: cdk.Duration.seconds(seconds + 1) })).toEqual([expect.stringContaining(
      `the function may run for ${seconds + 1} s, but its front door '${frontDoor}' waits only ${seconds} s: a slow request is answered with an error`)]);
  });

  test('not where the door was told to wait longer', () => {
    const timeout = cdk.Duration.seconds(90);
    expect(warningsOf({ timeout, frontDoor: FrontDoor.alb({ idleTimeout: timeout }) })).toEqual([]);
    expect(warningsOf({ timeout, frontDoor: FrontDoor.restApi({ integrationTimeout: timeout }) })).toEqual([]);
    expect(warningsOf({ timeout, frontDoor: 'rest-api', responseStreaming: true })).toEqual([]);
    expect(warningsOf({ timeout, frontDoor: 'function-url' })).toEqual([]);
  });

  test('of less memory than the largest body takes', () => {
    expect(warningsOf({ memorySize: 128, frontDoor: 'function-url' })).toEqual([expect.stringContaining(
      "front door 'function-url' carries bodies of 6 MB, for which 128 MB of memory are too little; use at least 256 MB")]);
    expect(warningsOf({ memorySize: 256, frontDoor: 'function-url' })).toEqual([]);
    expect(warningsOf({ memorySize: 128, frontDoor: 'alb' })).toEqual([]);
  });

  test('of nothing that is not known yet', () => {
    const stack = testStack();
    const memorySize = new cdk.CfnParameter(stack, 'Memory', { type: 'Number' }).valueAsNumber;
    new WrappedWebApp(stack, 'Web', { entry: ENTRY, memorySize, frontDoor: 'http-api' });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
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
  test.each<[string, Partial<Record<keyof FrontDoorConfig, unknown>>, string]>([
    ['hands on the events of no door that there is', { door: 'cloudfront' },
      'a front door must say whose events it hands on: door must be one of function-url, http-api, rest-api, alb, got "cloudfront"'],
    ['does not say how it takes responses', { responseMode: undefined },
      "a front door must say how it takes responses: responseMode must be 'buffered' or 'streaming', got undefined"],
    ['is mounted nowhere', { mountPrefix: '/shop/' }, 'mountPrefix must start with a slash and end without one, or be absent at the root, got "/shop/"'],
    ['does not know of streaming', {},
      "responseStreaming is true, but this front door takes buffered responses; use 'function-url' or 'rest-api', or drop responseStreaming"],
  ])('when a door of the user %s', (_, config, message) => {
    const door: IFrontDoor = { bind: () => ({ door: 'http-api', url: 'https://example.com/', responseMode: 'buffered', ...config } as FrontDoorConfig) };
    const responseStreaming = Object.keys(config).length === 0;
    expect(() => templateOf({ frontDoor: door, responseStreaming })).toThrow(`Stack/Web/FrontDoor: ${message}`);
  });

  test('when the front door is none that there is', () => {
    expect(() => templateOf({ frontDoor: 'cloudfrunt' as FrontDoorName }))
      .toThrow('Stack/Web: frontDoor must be one of function-url, http-api, rest-api, alb or a FrontDoor, got "cloudfrunt"');
  });

  test.each(['http-api', 'alb'] as const)('when %s is to stream', frontDoor => {
    expect(() => templateOf({ frontDoor, responseStreaming: true }))
      .toThrow(`Stack/Web/FrontDoor: frontDoor '${frontDoor}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
  });
});

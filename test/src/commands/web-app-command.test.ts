import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AppSource, WebAppCommand, WebAppCommandProps, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, scratchFolder, testStack } from '../synthesis';

const MIGRATE = ['node', 'migrate.js'];

const SITE = path.join(scratchFolder(), 'site');
mkdirSync(path.join(SITE, 'scripts'), { recursive: true });
writeFileSync(path.join(SITE, 'requirements.txt'), '');
writeFileSync(path.join(SITE, 'main.py'), 'def app(environ, start_response): pass\n');
writeFileSync(path.join(SITE, 'scripts/load-data.py'), '');
const PYTHON = path.join(SITE, 'main.py');

interface Made {
  readonly stack: cdk.Stack;
  readonly web: WrappedWebApp;
  readonly command: WebAppCommand;
}

function make(ofCommand: Partial<WebAppCommandProps> = {}, ofApp: Partial<WrappedWebAppProps> = {}, stack = testStack()): Made {
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...ofApp });
  const command = new WebAppCommand(stack, 'Migrate', { app: web, command: ofCommand.entry ? undefined : MIGRATE, ...ofCommand });
  return { stack, web, command };
}

/** The properties of the two functions: that of the app, and that of the command. */
function functionsOf({ stack, web, command }: Made): { ofApp: any; ofCommand: any } {
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const of = (handler: lambda.Function) => functions[stack.getLogicalId(handler.node.defaultChild as cdk.CfnElement)].Properties;
  return { ofApp: of(web.handler), ofCommand: of(command.handler) };
}

function dependenciesOf(template: Template, type: string): string[] {
  return Object.values(template.findResources(type)).flatMap(({ DependsOn }) => DependsOn ?? []);
}

describe('the function of a command', () => {
  test('has the code, the runtime and the architecture of the app', () => {
    const { ofApp, ofCommand } = functionsOf(make({}, { architecture: lambda.Architecture.ARM_64, runtime: lambda.Runtime.NODEJS_22_X }));
    expect(ofCommand).toMatchObject({ Code: ofApp.Code, Runtime: 'nodejs22.x', Architectures: ['arm64'], Handler: '/opt/wrapped-web-app-command.handler' });
    expect(ofApp.Code.S3Key).toBeDefined();
  });

  test('has the variables of the app, later ones and its own, but none that only serve requests', () => {
    const made = make({ environment: { ROLE: 'owner' } }, { environment: { TABLE: 'users', ROLE: 'reader' }, eventPath: '/events' });
    made.web.handler.addEnvironment('DATABASE', 'postgres');
    made.web.handler.addEnvironment('WRAPPED_WEB_APP_CDN_SECRETS', 'a secret of requests');
    made.command.handler.addEnvironment('LOUD', 'yes');
    expect(functionsOf(made).ofCommand.Environment.Variables).toEqual({
      NODE_ENV: 'production',
      TABLE: 'users',
      DATABASE: 'postgres',
      ROLE: 'owner',
      LOUD: 'yes',
      WRAPPED_WEB_APP_COMMAND: '["node","migrate.js"]',
    });
  });

  test('of a Python app that streams starts AWS\'s own runtime', () => {
    const { ofApp, ofCommand } = functionsOf(make({ command: ['python', 'manage.py'] }, { entry: PYTHON, responseStreaming: true }));
    expect(ofApp.Environment.Variables).toHaveProperty('AWS_LAMBDA_EXEC_WRAPPER');
    expect(ofCommand.Environment.Variables).toEqual({ WRAPPED_WEB_APP_COMMAND: '["python","manage.py"]' });
    expect(ofCommand.Handler).toBe('wrapped_web_app_runtime.commands.command_handler.handler');
  });

  test('may have words that are known only after the deployment', () => {
    const stack = testStack();
    const queue = new sqs.Queue(stack, 'Queue');
    const { ofCommand } = functionsOf(make({ command: [...MIGRATE, queue.queueUrl] }, {}, stack));
    expect(ofCommand.Environment.Variables.WRAPPED_WEB_APP_COMMAND).toEqual({ 'Fn::Join': ['', ['["node","migrate.js","', { Ref: 'Queue4A7E3555' }, '"]']] });
  });

  test('has the VPC, security groups, layers and file system of the app', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const layer = lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:us-east-1:1:layer:l:1');
    const { ofApp, ofCommand } = functionsOf(make({}, { vpc, layers: [layer], ephemeralStorageSize: cdk.Size.gibibytes(2) }, stack));
    expect(ofCommand.VpcConfig).toEqual(ofApp.VpcConfig);
    expect(ofCommand.Layers).toEqual(['arn:aws:lambda:us-east-1:1:layer:l:1', { Ref: expect.stringMatching(/^MigrateLayer/) }]);
    expect(ofCommand.EphemeralStorage).toEqual({ Size: 2048 });
    expect(ofCommand.MemorySize).toBe(1024);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroup', 1);
  });

  test('can be in another VPC, or in other groups', () => {
    const stack = testStack();
    const [vpc, other] = [new ec2.Vpc(stack, 'Vpc'), new ec2.Vpc(stack, 'Other')];
    const { web, command } = make({ vpc: other }, { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }, stack);
    expect(command.connections.securityGroups[0]).not.toBe(web.connections.securityGroups[0]);
    expect((command.handler.node.defaultChild as lambda.CfnFunction).memorySize).toBe(1024);
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
    expect(new WebAppCommand(stack, 'InGroup', { app: web, command: MIGRATE, securityGroups: [group] }).connections.securityGroups).toEqual([group]);
  });

  test('has its own timeout, memory, role and log group, and nothing that belongs to the function of the app only', () => {
    const made = make(
      { timeout: cdk.Duration.minutes(3), memorySize: 256 },
      { timeout: cdk.Duration.seconds(5), reservedConcurrentExecutions: 7, functionName: 'shop', deadLetterQueueEnabled: true, initialPolicy: [new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] })] },
    );
    const { ofApp, ofCommand } = functionsOf(made);
    expect(ofCommand).toMatchObject({ Timeout: 180, MemorySize: 256 });
    expect(ofCommand.Role).not.toEqual(ofApp.Role);
    expect(ofCommand.LoggingConfig.LogGroup).not.toEqual(ofApp.LoggingConfig.LogGroup);
    for (const property of ['ReservedConcurrentExecutions', 'FunctionName', 'DeadLetterConfig']) expect(ofCommand).not.toHaveProperty(property);
  });

  test('runs for ten minutes with a gigabyte, where nothing else is said, also by undefined', () => {
    const made = make({ timeout: undefined, memorySize: undefined, role: undefined });
    expect(functionsOf(made).ofCommand).toMatchObject({ Timeout: 600, MemorySize: 1024 });
  });

  test('can have the role of the app', () => {
    const made = make({}, {});
    const shared = new WebAppCommand(made.stack, 'Shared', { app: made.web, command: MIGRATE, role: made.web.handler.role });
    expect(functionsOf({ ...made, command: shared }).ofCommand.Role).toEqual(functionsOf(made).ofApp.Role);
  });

  test('gets permissions as any grantee', () => {
    const { stack, command } = make();
    new sqs.Queue(stack, 'Queue').grantSendMessages(command);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^MigrateHandlerServiceRole') }],
    });
  });

  test('is run by a line that does not repeat it', () => {
    const { stack } = make();
    const [[, output]] = Object.entries(Template.fromStack(stack).findOutputs('*')).filter(([name]) => name.startsWith('MigrateInvoke'));
    expect(output.Value).toEqual({
      'Fn::Join': ['', [
        'AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name ',
        { Ref: expect.stringMatching(/^MigrateHandler/) },
        " --cli-read-timeout 0 --cli-binary-format raw-in-base64-out --payload '{\"args\":[]}' /dev/stdout",
      ]],
    });
  });

  test('keeps its logical IDs', () => {
    const { stack } = make({ onDeploy: true }, { aliasName: 'live' });
    const ids = Object.keys(Template.fromStack(stack).toJSON().Resources).filter(id => id.startsWith('Migrate')).map(id => id.replace(/(CurrentVersion\w{8})\w+/, '$1…'));
    expect(ids).toEqual([
      'MigrateLayer934B0C67', 'MigrateLogGroup6A179A3B', 'MigrateHandlerServiceRole4E5AAB6C', 'MigrateHandler4375B454', 'MigrateHandlerCurrentVersionD5764F94…', 'MigrateTrigger4D3AC5E5',
    ]);
  });

  test('of a script in Python is one of the files of the app', () => {
    const { ofApp, ofCommand } = functionsOf(make({ entry: path.join(SITE, 'scripts/load-data.py') }, { entry: PYTHON }));
    expect(ofCommand.Environment.Variables.WRAPPED_WEB_APP_COMMAND).toBe('["python","scripts/load-data.py"]');
    expect(ofCommand.Code).toEqual(ofApp.Code);
  });

  test('of a script in Node has code of its own', () => {
    const { ofApp, ofCommand } = functionsOf(make({ entry: ENTRY }));
    expect(ofCommand.Environment.Variables.WRAPPED_WEB_APP_COMMAND).toBe('["node","app"]');
    expect(ofCommand.Code).not.toEqual(ofApp.Code);
  });
});

describe('in a deployment', () => {
  test('a command runs after its function and its permissions, and before the alias of the app', () => {
    const { stack } = make({ onDeploy: true }, { aliasName: 'live' });
    const template = Template.fromStack(stack);
    const [[trigger, { Properties, DependsOn }]] = Object.entries(template.findResources('Custom::Trigger'));
    expect(Properties).toMatchObject({ HandlerArn: { Ref: expect.stringMatching(/^MigrateHandlerCurrentVersion/) }, InvocationType: 'RequestResponse' });
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^MigrateHandlerServiceRole/)]));
    expect(dependenciesOf(template, 'AWS::Lambda::Alias')).toContain(trigger);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('has no alias'));
  });

  test('the trigger waits longer than the command may run, so that it does not call it again', () => {
    const waits = (timeout?: cdk.Duration) => Number(Object.values(Template.fromStack(make({ onDeploy: true, timeout }).stack).findResources('Custom::Trigger'))[0].Properties.Timeout);
    expect(waits()).toBe(11 * 60_000);
    expect(waits(cdk.Duration.minutes(12))).toBe(13 * 60_000);
  });

  test('without an alias it is said that the new code is live already', () => {
    Annotations.fromStack(make({ onDeploy: true }).stack).hasWarning('/Stack/Migrate', Match.stringLikeRegexp('Stack/Web has no alias, so its new code may be live before this command has run'));
  });

  test('the command waits for the rules that let it into the groups of others', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const database = new ec2.SecurityGroup(stack, 'Database', { vpc });
    const { web, command } = make({ onDeploy: true }, { vpc, aliasName: 'live' }, stack);
    database.connections.allowFrom(web, ec2.Port.tcp(5432));
    database.connections.allowFrom(new ec2.Connections({ securityGroups: [new ec2.SecurityGroup(stack, 'Stranger', { vpc })] }), ec2.Port.tcp(1));
    const template = Template.fromStack(stack);
    const rules = Object.entries(template.findResources('AWS::EC2::SecurityGroupIngress')).map(([id, { Properties }]) => ({ id, port: Properties.FromPort }));
    expect(rules.map(({ port }) => port).sort()).toEqual([1, 5432]);
    const dependencies = dependenciesOf(template, 'Custom::Trigger');
    expect(rules.filter(({ id }) => dependencies.includes(id)).map(({ port }) => port)).toEqual([5432]);
    expect(command.connections.securityGroups).toEqual(web.connections.securityGroups);
  });

  test('the command runs again only if its own version changes', () => {
    const version = (ofCommand: Partial<WebAppCommandProps>, ofApp: Partial<WrappedWebAppProps>) => {
      const { stack } = make({ onDeploy: true, ...ofCommand }, ofApp);
      return Object.values(Template.fromStack(stack).findResources('Custom::Trigger'))[0].Properties.HandlerArn.Ref;
    };
    const first = version({}, {});
    expect(version({}, {})).toBe(first);
    expect(version({}, { frontDoor: 'http-api', timeout: cdk.Duration.seconds(3) })).toBe(first);
    expect(version({}, { environment: { RELEASE: '2' } })).not.toBe(first);
    expect(version({ command: ['node', 'other.js'] }, {})).not.toBe(first);
  });

  test('a longer timeout than a deployment waits is an error', () => {
    expect(() => make({ onDeploy: true, timeout: cdk.Duration.minutes(15) }))
      .toThrow('Stack/Migrate: with onDeploy a command may run for 12 minutes, because a deployment waits 15 minutes for it, got timeout 15 minutes; make timeout shorter, or run the command by hand');
  });

  test.each(['rest-api', 'http-api', 'alb'] as const)('the address of the app in its variables makes no circle, behind %s', (frontDoor) => {
    const { stack, web } = make({ onDeploy: true }, { aliasName: 'live', frontDoor });
    web.handler.addEnvironment('BASE_URL', web.url);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

test('the function of a command is the target of a schedule', () => {
  const { stack, command } = make({ retryAttempts: 0, deadLetterQueueEnabled: true });
  new scheduler.Schedule(stack, 'Nightly', {
    schedule: scheduler.ScheduleExpression.cron({ hour: '3', minute: '0' }),
    target: new targets.LambdaInvoke(command.handler, { input: scheduler.ScheduleTargetInput.fromObject({ args: ['--quiet'] }), retryAttempts: 2 }),
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    Target: { Input: '{"args":["--quiet"]}', RetryPolicy: { MaximumRetryAttempts: 2 } },
  });
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
});

describe('fails', () => {
  test.each<[string, Partial<WebAppCommandProps>, Partial<WrappedWebAppProps>, string]>([
    ['without a command', { command: undefined }, {}, "Stack/Migrate: give either command, e.g. ['python', 'manage.py', 'migrate'], or entry, e.g. 'scripts/migrate.ts', got neither"],
    ['with both', { command: MIGRATE, entry: 'x.ts' }, {}, 'got both'],
    ['on a command without words', { command: [] }, {}, 'Stack/Migrate: command must be a list of words'],
    ['on a command in one text', { command: 'node migrate.js' as any }, {}, 'got "node migrate.js"'],
    ['on an empty word', { command: ['node', ''] }, {}, 'got ["node",""]'],
    ['on a script that does not exist', { entry: 'scripts/nowhere.ts' }, {}, 'Stack/Migrate: entry scripts/nowhere.ts does not exist; it is looked up from the working directory'],
    ['on a Node script of a Python app', { entry: ENTRY }, { entry: PYTHON }, 'Stack/Migrate: entry must be a file that ends in .py, because the app is a Python app, got'],
    ['on a Python script outside of the app', { entry: __filename.replace('web-app-command.test.ts', '../../lambda-runtime/python/conftest.py') }, { entry: PYTHON }, 'the folder of the app that is uploaded'],
    ['on a script for prebuilt code', { entry: ENTRY }, { entry: AppSource.prebuilt(lambda.Code.fromAsset(SITE), 'index.handler') }, 'cannot be bundled for this app, whose code is not bundled from a file either'],
    ['on code in the template', {}, { entry: AppSource.prebuilt(lambda.Code.fromInline('x'), 'index.handler') }, 'is in the template or in an image'],
    ['on another runtime', {}, { entry: AppSource.prebuilt(lambda.Code.fromAsset(SITE), 'x'), runtime: lambda.Runtime.JAVA_21 }, 'commands run on nodejs and python runtimes only, got java21'],
  ])('%s', (_, ofCommand, ofApp, message) => {
    expect(() => make(ofCommand, ofApp)).toThrow(message);
  });

  test('on prebuilt Python code without a handler for commands', () => {
    const stack = testStack({ 'aws:cdk:bundling-stacks': ['**'] });
    expect(() => make({}, { entry: AppSource.prebuilt(lambda.Code.fromAsset(SITE), 'main.handler'), runtime: lambda.Runtime.PYTHON_3_13 }, stack))
      .toThrow('Stack/Migrate: the code of Stack/Web has no wrapped_web_app_runtime/commands/command_handler.py, which runs commands; install the current wrapped-web-app-runtime into it');
  });

  test('in another stack than its app', () => {
    const { web, stack } = make();
    const other = new cdk.Stack(cdk.App.of(stack) as cdk.App, 'Other');
    expect(() => new WebAppCommand(other, 'Migrate', { app: web, command: MIGRATE })).toThrow('Other/Migrate: the app Stack/Web is in another stack; make the command in the stack of the app');
  });
});

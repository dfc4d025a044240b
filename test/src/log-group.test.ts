import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { ENTRY, RECOMMENDED_FLAGS, testStack } from './synthesis';
import { WrappedWebApp, WrappedWebAppProps } from '../../src';

function templateOf(props: Partial<WrappedWebAppProps> = {}, stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...props });
  return Template.fromStack(stack);
}

const roleIn = (stack: cdk.Stack) => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

test('keeps logs for a month', () => {
  const template = templateOf();
  template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Retain' });
  template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: 'WebLogGroup1664F270' } } });
});

test('is the one of the user', () => {
  const stack = testStack();
  const logGroup = new logs.LogGroup(stack, 'Own');
  const template = templateOf({ logGroup }, stack);
  template.resourceCountIs('AWS::Logs::LogGroup', 1);
  template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: stack.getLogicalId(logGroup.node.defaultChild as cdk.CfnElement) } } });
});

test.each<[string, Partial<WrappedWebAppProps>, object]>([
  ['logRemovalPolicy', { logRemovalPolicy: cdk.RemovalPolicy.DESTROY }, { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' }],
  ['logRetention', { logRetention: logs.RetentionDays.ONE_DAY }, { Properties: { RetentionInDays: 1 }, DeletionPolicy: 'Retain' }],
  ['both', { logRetention: logs.RetentionDays.ONE_DAY, logRemovalPolicy: cdk.RemovalPolicy.DESTROY }, { Properties: { RetentionInDays: 1 }, DeletionPolicy: 'Delete' }],
])('obeys %s, without a custom resource and without a warning of the CDK that the property is deprecated', (_, props, logGroup) => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  jest.spyOn(console, 'error').mockImplementation();
  for (const flags of [{}, RECOMMENDED_FLAGS]) {
    const template = templateOf(props, testStack(flags));
    template.hasResource('AWS::Logs::LogGroup', logGroup);
    template.resourceCountIs('Custom::LogRetention', 0);
  }
  expect(warn.mock.calls).toEqual([]);
});

test('fails if the user gives a log group and sets logRetention or logRemovalPolicy, which would have no effect', () => {
  for (const props of [{ logRetention: logs.RetentionDays.ONE_DAY }, { logRemovalPolicy: cdk.RemovalPolicy.DESTROY }]) {
    const stack = testStack();
    expect(() => templateOf({ logGroup: new logs.LogGroup(stack, 'Own'), ...props }, stack)).toThrow(
      'Stack/Web: logRetention and logRemovalPolicy cannot be set together with logGroup Stack/Own; set them on that log group');
  }
});

test('fails if the user sets logRetentionRole, which would have no effect', () => {
  const stack = testStack();
  expect(() => templateOf({ logRetentionRole: roleIn(stack) }, stack)).toThrow(
    'Stack/Web: logRetentionRole and logRetentionRetryOptions have no effect, because the log group is a resource of the stack; drop them');
});

describe('a role of the user', () => {
  const WRITES_LOGS = { Statement: [Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': ['WebLogGroup1664F270', 'Arn'] } })] };

  test('may write logs', () => {
    const stack = testStack();
    templateOf({ role: roleIn(stack) }, stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: WRITES_LOGS, Roles: [{ Ref: 'Role1ABCC5F0' }] });
  });

  test('may write logs if it is imported', () => {
    const stack = testStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/mine');
    templateOf({ role }, stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: WRITES_LOGS, Roles: ['mine'] });
  });

  test('may write logs if it is in another stack, without a dependency cycle', () => {
    const stack = testStack();
    const role = roleIn(new cdk.Stack(stack.node.root as cdk.App, 'Other'));
    templateOf({ role }, stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: WRITES_LOGS, Roles: [{ 'Fn::ImportValue': Match.anyValue() }] });
  });

  test('stays as it is if the user made it immutable', () => {
    for (const isInOtherStack of [false, true]) {
      const stack = testStack();
      const role = roleIn(isInOtherStack ? new cdk.Stack(stack.node.root as cdk.App, 'Other') : stack).withoutPolicyUpdates();
      templateOf({ role }, stack).resourceCountIs('AWS::IAM::Policy', 0);
    }
  });

  test('gets no right for a log group of the user, who grants it', () => {
    const stack = testStack();
    templateOf({ role: roleIn(stack), logGroup: new logs.LogGroup(stack, 'Own') }, stack).resourceCountIs('AWS::IAM::Policy', 0);
  });
});

import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * Returns the log group of the user, or makes one: the one that Lambda would make keeps logs for ever and belongs to no stack.
 */
export function logGroupOf(scope: Construct, options: lambda.FunctionOptions): lambda.FunctionOptions['logGroup'] {
  const { logGroup: given, logRetention, logRemovalPolicy, logRetentionRole, logRetentionRetryOptions, role } = options;
  if (logRetentionRole ?? logRetentionRetryOptions) {
    throw new Error(`${scope.node.path}: logRetentionRole and logRetentionRetryOptions have no effect, because the log group is a resource of the stack; drop them`);
  }
  if (given) {
    if (logRetention === undefined && logRemovalPolicy === undefined) return given;
    throw new Error(`${scope.node.path}: logRetention and logRemovalPolicy cannot be set together with logGroup ${given.node.path}; set them on that log group`);
  }
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: logRetention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy: logRemovalPolicy,
  });
  if (role) allowLogging(scope, role, logGroup);
  return logGroup;
}

/**
 * The CDK allows only roles that it makes itself to write logs. The policy is in the scope of the app: one in the stack of the role would
 * refer to this stack, which refers to the role. A role that the user made immutable stays as it is.
 */
function allowLogging(scope: Construct, role: iam.IRole, logGroup: logs.ILogGroup): void {
  const policy = new iam.Policy(scope, 'LogPolicy');
  logGroup.grantWrite(policy);
  role.attachInlinePolicy(policy);
}

import * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * The command line that runs a command by hand. Without the timeout and the number of attempts, the CLI would run a command of more than a
 * minute several times: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-retries.html
 */
export function invokeLine(handler: lambda.IFunction): string {
  return `AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name ${handler.functionName} --cli-read-timeout 0 `
    + "--cli-binary-format raw-in-base64-out --payload '{\"args\":[]}' /dev/stdout";
}

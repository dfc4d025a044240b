/**
 * Whether requests overlap, in Lambda Managed Instances: their environments are never frozen, and run the app in several threads.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html
 */
export function isNeverFrozen(): boolean {
  return process.env.AWS_LAMBDA_MAX_CONCURRENCY !== undefined;
}

/**
 * The part of Lambda's context object that web apps use. The app gets the whole object.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** What Lambda gives for tracing: `Root=1-…;Parent=…;Sampled=1`. Older clients have it in the variable `_X_AMZN_TRACE_ID` only. */
  readonly xRayTraceId?: string;
  /** @returns milliseconds until Lambda ends the invocation */
  getRemainingTimeInMillis(): number;
  readonly [name: string]: unknown;
}

/** A Lambda handler that returns its result, or a streaming handler that writes it to a stream. */
export type LambdaHandler = (event: any, context?: any) => Promise<any>;

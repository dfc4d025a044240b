import { Construct } from 'constructs';
import { AppSourceBindOptions } from './app-source-config';

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper */
export const EXEC_WRAPPER = 'AWS_LAMBDA_EXEC_WRAPPER';

/**
 * The script in the Python bundle that starts this library's runtime loop instead of AWS's client, which cannot stream.
 *
 * Experimental: AWS Lambda Web Adapter streams from managed Python runtimes in the same way, but this loop was never run on AWS.
 */
export const STREAM_RESPONSES = '/var/task/wrapped_web_app_runtime/stream-responses.sh';

/** The option for which the loop is started. */
export function reasonForLoop({ responseStreaming }: AppSourceBindOptions): string {
  return responseStreaming ? 'responseStreaming' : 'backgroundWork';
}

/** Throws if a Python app has SnapStart as well as the loop. */
export function refuseSnapStart(scope: Construct, options: AppSourceBindOptions): void {
  if (options.snapStart) {
    throw new Error(`${scope.node.path}: a Python app cannot have both ${reasonForLoop(options)} and snapStart, because the runtime loop that does it `
      + 'cannot be restored from a snapshot; drop one of them');
  }
}

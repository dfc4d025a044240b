import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper */
const WRAPPER_VARIABLE = 'AWS_LAMBDA_EXEC_WRAPPER';

/**
 * The environment that starts the runtime loop of ours in place of AWS's client, which cannot stream.
 *
 * Experimental: AWS Lambda Web Adapter streams from managed Python runtimes in the same way, but nobody has seen this loop there yet.
 */
export function pythonStreamingEnvironment(): { [name: string]: string } {
  return { [WRAPPER_VARIABLE]: '/var/task/wrapped_web_app_runtime/stream-responses.sh' };
}

/** Refuses what the loop cannot do. */
export function checkPythonStreaming(scope: Construct, options: Pick<lambda.FunctionOptions, 'environment' | 'snapStart'>): void {
  const wrapper = options.environment?.[WRAPPER_VARIABLE];
  if (wrapper !== undefined) {
    throw new Error(`${scope.node.path}: responseStreaming starts a Python app through ${WRAPPER_VARIABLE}, which environment sets to ${JSON.stringify(wrapper)}; `
      + 'drop one of them');
  }
  if (options.snapStart) {
    throw new Error(`${scope.node.path}: a Python app cannot have both responseStreaming and snapStart, whose restore it does not know; drop one of them`);
  }
}

import { WebAppFunction } from '../assembly/web-app-functions';

/** The function that an integration URI refers to, and whether it streams its response. */
export interface LambdaTarget {
  readonly functionArn: string;
  readonly webApp: WebAppFunction;
  readonly streaming: boolean;
}

/**
 * Reads an API Gateway integration's URI: a function's ARN as it is, or within
 * `arn:aws:apigateway:…:lambda:path/2015-03-31/functions/{arn}/invocations`.
 * Returns undefined for a URI of another function.
 */
export function findLambdaTarget(uri: unknown, webApps: readonly WebAppFunction[]): LambdaTarget | undefined {
  const [, wrapped, verb] = /\/functions\/(.+)\/(invocations|response-streaming-invocations)$/.exec(String(uri)) ?? [];
  const functionArn = wrapped ?? String(uri);
  const webApp = webApps.find(({ arn }) => functionArn === arn || functionArn.startsWith(`${arn}:`));
  return webApp && { functionArn, webApp, streaming: verb === 'response-streaming-invocations' };
}

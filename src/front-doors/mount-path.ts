import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Checks the `path` option: the place of an app on an API or listener that other apps use as well. Returns undefined for the root.
 *
 * The path is a literal with plain characters only, because it goes into the environment of the function, and the runtime compares it
 * with the paths of requests. The URL of the app has no slash after this path: AWS does not say whether API Gateway treats `/app/` as `/app`.
 */
export function mountPathOf(scope: Construct, path: string | undefined): string | undefined {
  if (path === undefined || path === '/') return undefined;
  if (cdk.Token.isUnresolved(path)) {
    throw new Error(`${scope.node.path}: path must be known at synth, because it is written into the environment of the function, got a token; give a literal`);
  }
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) {
    throw new Error(`${scope.node.path}: path must start with a slash, end without one and contain only letters, digits, '.', '_', '~' and '-', `
      + `e.g. '/app', got ${JSON.stringify(path)}`);
  }
  return path;
}

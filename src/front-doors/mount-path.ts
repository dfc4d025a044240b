import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * The path at which an app is mounted on an API or listener that others use as well: `/app`, and nothing at the root.
 * Its address is this path without a slash behind it: whether API Gateway takes `/app/` for `/app` is not said anywhere.
 * It is written into the function's environment, and compared there with the paths of requests: it must be known and plain.
 */
export function mountPathOf(scope: Construct, path: string | undefined): string | undefined {
  if (path === undefined || path === '/') return undefined;
  if (cdk.Token.isUnresolved(path)) {
    throw new Error(`${scope.node.path}: path must be a literal, for the function is told it before anything is deployed; got a token`);
  }
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) {
    throw new Error(`${scope.node.path}: path must start with a slash, end without one and hold only letters, digits, '.', '_', '~' and '-', `
      + `e.g. '/app'; got ${JSON.stringify(path)}`);
  }
  return path;
}

/** Refuses options that are settings of something that the user made: they would be ignored. */
export function refuseSettingsOf(scope: Construct, what: string, options: object, allowed: string[]): void {
  const refused = Object.entries(options).filter(([name, value]) => value !== undefined && !allowed.includes(name)).map(([name]) => name);
  if (refused.length > 0) {
    throw new Error(`${scope.node.path}: ${refused.join(', ')} cannot be set beside an existing ${what}; set ${refused.length > 1 ? 'them' : 'it'} on that ${what}`);
  }
}

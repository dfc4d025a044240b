import { Construct } from 'constructs';

/** Throws if options are set that belong to the user's own API, listener or load balancer: they would have no effect. */
export function refuseSettings(scope: Construct, existing: string, options: object, allowed: string[]): void {
  const refused = Object.entries(options).filter(([name, value]) => value !== undefined && !allowed.includes(name)).map(([name]) => name);
  if (refused.length > 0) {
    throw new Error(`${scope.node.path}: ${refused.join(', ')} cannot be set together with an existing ${existing}; `
      + `set ${refused.length > 1 ? 'them' : 'it'} on that ${existing}`);
  }
}

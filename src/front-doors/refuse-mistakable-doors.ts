import { FrontDoorConfig } from './i-front-door';

/**
 * Throws if the runtime could not tell from an event which of two front doors of one function sent it, and so which prefix it must
 * remove from the path.
 *
 * Events of an HTTP API and a REST API have the route or resource, which begins with the mount prefix. Those of an ALB and a Function
 * URL have only the path of the request, which may be the app's own at one door and begin with the mount prefix of the other.
 *
 * @param path the construct path of the new front door
 * @param others the front doors that the function already has, by their construct paths
 */
export function refuseMistakableDoors(path: string, config: FrontDoorConfig, others: ReadonlyMap<string, FrontDoorConfig>): void {
  for (const [otherPath, other] of others) {
    if (other.door !== config.door) continue;
    if (!other.cdnSecrets !== !config.cdnSecrets) {
      const [behindCdn, direct] = config.cdnSecrets ? [path, otherPath] : [otherPath, path];
      throw new Error(`${path}: ${behindCdn} is behind a CDN and ${direct} is not, and their events look alike, so the runtime would refuse both without `
        + `the secret of the CDN; ${FIX}, or use front doors of two kinds`);
    }
    if (hasRoutes(config)) {
      if (mountOf(other) === mountOf(config) && other.mappingKey !== config.mappingKey) {
        throw new Error(`${path}: its events look like those of ${otherPath}, which has the mapping key ${JSON.stringify(other.mappingKey ?? '')} `
          + `and not ${JSON.stringify(config.mappingKey ?? '')}; ${FIX}`);
      }
    } else if (mountOf(other) !== mountOf(config) && (isWithin(mountOf(other), mountOf(config)) || isWithin(mountOf(config), mountOf(other)))) {
      throw new Error(`${path}: an event of '${config.door}' has only the path of the request, so a request for ${longer(other, config)} could be `
        + `from this front door at ${mountOf(config) || '/'} or from ${otherPath} at ${mountOf(other) || '/'}; ${FIX}, or use paths of which none begins with the other`);
    }
  }
}

const FIX = 'put it on another WrappedWebApp with the same entry';

function hasRoutes({ door }: FrontDoorConfig): boolean {
  return door === 'http-api' || door === 'rest-api';
}

function mountOf({ mountPrefix }: FrontDoorConfig): string {
  return mountPrefix ?? '';
}

function isWithin(path: string, prefix: string): boolean {
  return path.startsWith(`${prefix}/`);
}

function longer(one: FrontDoorConfig, other: FrontDoorConfig): string {
  return mountOf(one).length > mountOf(other).length ? mountOf(one) : mountOf(other);
}

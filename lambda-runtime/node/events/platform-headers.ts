import { EventSource } from '../http/web-request';

/**
 * Tells an app that no client sent a request: its value is `event` on those made of an event of another service, and `warm-up`
 * on the one of the init phase.
 */
export const SOURCE_HEADER = 'x-wrapped-web-app-source';

/**
 * Headers that only AWS or this runtime may set, and the doors that set them. They are removed from the requests of clients
 * through all other doors, so that the app can trust them. A name that ends with `*` stands for all names that begin so.
 * `contract.json` has the same list, with the page of each header.
 */
export const PLATFORM_HEADERS: Readonly<Record<string, readonly EventSource[]>> = {
  'x-amzn-request-context': [],
  'x-amzn-lambda-context': [],
  'x-amz-tenant-id': [],
  'x-apigateway-event': [],
  'x-amzn-oidc-*': ['alb'],
  'x-amzn-mtls-*': ['alb'],
  'x-amzn-lattice-*': ['vpc-lattice'],
  'x-forwarded-prefix': [],
  [SOURCE_HEADER]: [],
  'x-wrapped-web-app-cdn-secret': [],
  'x-wrapped-web-app-viewer-*': [],
};

/** @returns the doors that set a header themselves, or undefined if clients may send it */
export function doorsThatSet(name: string): readonly EventSource[] | undefined {
  for (const pattern in PLATFORM_HEADERS) {
    if (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern) {
      return PLATFORM_HEADERS[pattern];
    }
  }
  return undefined;
}

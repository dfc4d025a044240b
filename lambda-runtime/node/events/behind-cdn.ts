import { mapOf, textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { EventSource, WebRequest } from '../http/web-request';
import { CDN_SECRETS_VARIABLE } from '../settings/contract';
import { Settings } from '../settings/settings';

/** What the CDN adds to each request, so that the function knows that it passed through it. */
export const CDN_SECRET_HEADER = 'x-wrapped-web-app-cdn-secret';

/** What the CDN says of the viewer, whose own headers of these names it overwrites. */
const VIEWER_HOST = 'x-wrapped-web-app-viewer-host';
const VIEWER_ADDRESS = 'x-wrapped-web-app-viewer-address';
const VIEWER_PROTO = 'x-wrapped-web-app-viewer-proto';

/** All our headers begin so. None of them reaches the app: some are secret, and a viewer can send the others. */
const OURS = 'x-wrapped-web-app-';

type Fields = Record<string, unknown>;

/**
 * The front doors behind a CDN, which only the CDN may use: it knows one of the secrets.
 *
 * An event with a secret becomes the one that the door would have sent for the viewer's own request. So all that reads
 * events, the app included, sees the viewer's host, scheme and address, and no secret. Python's `events/behind_cdn.py`
 * does the same.
 */
export class BehindCdn {
  /** @returns undefined if no door is behind a CDN */
  public static of(settings: Settings): BehindCdn | undefined {
    const doors = settings.doors?.filter(({ behindCdn }) => behindCdn === true) ?? [];
    return doors.length === 0 ? undefined : new BehindCdn(doors, settings.cdnSecrets ?? []);
  }

  private readonly secrets: readonly Buffer[];
  private readonly doors: NonNullable<Settings['doors']>;
  // Only apps behind a CDN need it, and it takes a while to load.
  private readonly crypto = process.getBuiltinModule('node:crypto');

  private constructor(doors: NonNullable<Settings['doors']>, secrets: readonly string[]) {
    if (secrets.length === 0) {
      throw new Error(`${CDN_SECRETS_VARIABLE}: must have a secret, since a front door is behind a CDN, and everybody could call it; deploy again`);
    }
    this.doors = doors;
    this.secrets = secrets.map((secret) => Buffer.from(secret));
  }

  /** Whether the requests of a door need a secret. */
  public guards(source: EventSource): boolean {
    return this.doors.some(({ door }) => door === source);
  }

  /** @returns the event of the viewer's request; undefined if the event has no secret, another one, or several */
  public eventOfViewer(event: LambdaEvent): LambdaEvent | undefined {
    const claims = claimsOf(event);
    if (!this.isSecret(claims.get(CDN_SECRET_HEADER))) {
      return undefined;
    }
    const host = claims.get(VIEWER_HOST)?.join(', ');
    const address = claims.get(VIEWER_ADDRESS)?.join(', ');
    const proto = claims.get(VIEWER_PROTO)?.join() === 'http' ? 'http' : 'https';
    const changes: Record<string, string | undefined> = {
      'host': host,
      'x-forwarded-for': address && forwardedFor(claims.get('x-forwarded-for') ?? [], address),
      'x-forwarded-proto': proto,
      'x-forwarded-port': proto === 'https' ? '443' : undefined,
    };
    const seen = { ...event };
    if (isObject(event.headers)) {
      seen.headers = withChanges(event.headers, changes, (value) => value);
    }
    if (isObject(event.multiValueHeaders)) {
      seen.multiValueHeaders = withChanges(event.multiValueHeaders, changes, (value) => [value]);
    }
    if (address !== undefined) {
      seen.requestContext = withAddress(mapOf(event.requestContext), address);
    }
    return seen;
  }

  /** The viewer's URL has the path that the door is mounted at, but not the stage that the CDN adds. */
  public requestOfViewer(request: WebRequest): WebRequest {
    if (request.mountPrefix === '') {
      return request;
    }
    const prefixes = this.doors.flatMap(({ door, mountPrefix = '' }) => (
      door === request.source && mountPrefix !== '' && request.mountPrefix.endsWith(mountPrefix) ? [mountPrefix] : []));
    return { ...request, mountPrefix: prefixes.sort((one, other) => other.length - one.length)[0] ?? '' };
  }

  /** Takes the same time for all values of one length. */
  private isSecret(values: readonly string[] = []): boolean {
    if (values.length !== 1) {
      return false;
    }
    const given = Buffer.from(values[0]);
    let isFound = false;
    for (const secret of this.secrets) {
      if (given.length === secret.length && this.crypto.timingSafeEqual(given, secret)) {
        isFound = true;
      }
    }
    return isFound;
  }
}

/** The values of our headers and of `x-forwarded-for`, by name. */
function claimsOf(event: LambdaEvent): Map<string, string[]> {
  const claims = new Map<string, string[]>();
  const fields = mapOf(isObject(event.multiValueHeaders) ? event.multiValueHeaders : event.headers);
  for (const name in fields) {
    const lower = name.toLowerCase();
    if (lower.startsWith(OURS) || lower === 'x-forwarded-for') {
      const value = fields[name];
      const values = (Array.isArray(value) ? value : [value]).map((each) => textOf(each, ''));
      claims.set(lower, [...claims.get(lower) ?? [], ...values]);
    }
  }
  return claims;
}

/** The door has added the address of the CDN, and the CDN that of the viewer before it. */
function forwardedFor(values: readonly string[], address: string): string {
  const entries = values.join(',').split(',').map((entry) => entry.trim()).slice(0, -1);
  return (entries.at(-1) === address ? entries : [...entries, address]).join(', ');
}

/** The headers in their order, with other values, and without ours. */
function withChanges(fields: Fields, changes: Readonly<Record<string, string | undefined>>, toField: (value: string) => unknown): Fields {
  const missing = new Map(Object.entries(changes).filter(([, value]) => value !== undefined) as [string, string][]);
  const changed = new Set(missing.keys());
  const entries = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const lower = name.toLowerCase();
    if (lower.startsWith(OURS)) {
      return [];
    }
    if (!changed.has(lower)) {
      return [[name, value]];
    }
    return missing.delete(lower) ? [[name, toField(changes[lower]!)]] : [];
  });
  // Not by assignment: a client may name a header `__proto__`.
  return Object.fromEntries([...entries, ...[...missing].map(([name, value]) => [name, toField(value)])]);
}

/** A load balancer has the address in `x-forwarded-for` only. */
function withAddress(context: Fields, sourceIp: string): Fields {
  if (isObject(context.http)) {
    return { ...context, http: { ...context.http, sourceIp } };
  }
  return isObject(context.identity) ? { ...context, identity: { ...context.identity, sourceIp } } : context;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

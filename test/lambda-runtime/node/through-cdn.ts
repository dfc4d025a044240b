import { Case, eventOf } from './cases';

const SECRET = 'the-secret-of-the-cdn';
/** The address from which the CDN calls the door. */
const EDGE = '130.176.1.2';

/**
 * The same case with a CDN before the door: the event has the door's own host and the CDN's address, and our headers say
 * what the viewer's were. Undefined where no CDN could send such an event.
 */
export function throughCdn(test: Case): Case | undefined {
  const event = test.expected.error === undefined && test.cdnSecrets === undefined ? structuredClone(eventOf(test.event)) : undefined;
  const kind = kindOf(event);
  const doors = test.doors ?? [{ door: kind, responseMode: 'buffered' }];
  const multi = isMap(event?.multiValueHeaders);
  const fields = multi ? event.multiValueHeaders : event?.headers;
  const name = (lower: string): string => Object.keys(fields).find((each) => each.toLowerCase() === lower) ?? lower;
  const valueOf = (lower: string): string | undefined => (Array.isArray(fields[name(lower)]) ? fields[name(lower)].join(', ') : fields[name(lower)]);
  if (kind === undefined || !isMap(fields) || !doors.some(({ door }) => door === kind)) {
    return undefined;
  }
  const { http, identity } = event.requestContext;
  const forwardedFor = valueOf('x-forwarded-for');
  const address = kind === 'alb' ? forwardedFor?.split(',').at(-1)!.trim() : (http ?? identity)?.sourceIp;
  // A CDN refuses a request without a host, and knows the address.
  if (!valueOf('host') || !/^[\da-f.:]+$/i.test(address)) {
    return undefined;
  }
  const claims = {
    'x-wrapped-web-app-cdn-secret': SECRET,
    'x-wrapped-web-app-viewer-host': valueOf('host'),
    'x-wrapped-web-app-viewer-address': address,
    'x-wrapped-web-app-viewer-proto': test.expected.scheme ?? (valueOf('x-forwarded-proto') === 'http' ? 'http' : 'https'),
  };
  const changes = { ...claims, [name('host')]: 'origin.example', [name('x-forwarded-for')]: forwardedFor === undefined ? EDGE : `${forwardedFor}, ${EDGE}` };
  for (const [each, value] of Object.entries(changes)) {
    if (multi) event.multiValueHeaders[each] = [value];
    if (isMap(event.headers)) event.headers[each] = value;
  }
  for (const connection of [http, identity]) {
    if (isMap(connection)) connection.sourceIp = EDGE;
  }
  // The viewer's URL has no stage.
  const { mountPrefix, ...expected } = test.expected;
  const isMountOfDoor = doors.some((each) => (each.mountPrefix ?? '') === mountPrefix);
  return {
    ...test,
    event: { inline: event },
    doors: doors.map((each) => ({ ...each, behindCdn: each.door === kind })),
    cdnSecrets: [SECRET],
    expected: isMountOfDoor ? test.expected : expected,
  };
}

function kindOf(event: any): string | undefined {
  if (!isMap(event?.requestContext)) return undefined;
  if (event.requestContext.elb) return 'alb';
  if (event.version === '2.0' && isMap(event.requestContext.http)) {
    return String(event.requestContext.domainName).includes('.lambda-url.') ? 'function-url' : 'http-api';
  }
  if (event.requestContext.serviceArn || event.httpMethod === undefined) return undefined;
  return event.version === '1.0' ? 'http-api' : 'rest-api';
}

function isMap(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { DoorRequest } from './front-door';
import { newTraceId } from '../lambda/trace-id';

/** Hop-by-hop headers, which a door does not forward. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect']);

/** Splits a request's target into path and query. Neither is decoded. */
export function splitTarget(target: string): { path: string; query: string } {
  // A proxy sends the absolute form, https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form
  const origin = /^https?:\/\/[^/?]*/i.exec(target);
  const relative = origin ? target.slice(origin[0].length) || '/' : target;
  const mark = relative.indexOf('?');
  return mark < 0 ? { path: relative, query: '' } : { path: relative.slice(0, mark), query: relative.slice(mark + 1) };
}

/** Returns the names and values of a query in their order. `+` and `%` are not decoded. */
export function splitQuery(query: string): [name: string, value: string][] {
  return query.split('&').filter(Boolean).map((pair) => {
    const mark = pair.indexOf('=');
    return mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
  });
}

/** Decodes `+` and percent escapes. A malformed escape is not changed. */
export function decodeQueryPart(part: string): string {
  return decodePercent(part.replace(/\+/g, ' '));
}

/** Decodes percent escapes. A malformed escape is not changed. */
export function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** Groups values by name, in the order in which the names first appear. */
export function groupByName(pairs: Iterable<readonly [string, string]>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    groups.set(name, [...groups.get(name) ?? [], value]);
  }
  return groups;
}

/**
 * Returns the headers that a door forwards: those of the client and those that AWS adds.
 * The client's address is appended to `x-forwarded-for`, whose first entries the client may have invented;
 * scheme and port are overwritten. Names are in lower case.
 */
export function forwardedHeaders(request: DoorRequest, options: { dropHopByHop: boolean }): Map<string, string[]> {
  const headers = groupByName(request.headers
    .map(([name, value]) => [name.toLowerCase(), decodeHeaderValue(value)] as const)
    .filter(([name]) => !(options.dropHopByHop && HOP_BY_HOP.has(name))));
  if (!headers.has('content-length') && request.body.length > 0) {
    headers.set('content-length', [String(request.body.length)]);
  }
  headers.set('x-amzn-trace-id', [headers.get('x-amzn-trace-id')?.[0] ?? newTraceId(request.time)]);
  headers.set('x-forwarded-for', [[...headers.get('x-forwarded-for') ?? [], request.clientAddress].join(', ')]);
  headers.set('x-forwarded-port', [String(request.port)]);
  headers.set('x-forwarded-proto', [request.scheme]);
  return headers;
}

export function headerOf(request: DoorRequest, name: string): string | undefined {
  return request.headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

/** Node decodes header values as Latin-1. In events, values that are UTF-8 are decoded as UTF-8. */
function decodeHeaderValue(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  const decoded = bytes.toString('utf8');
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : value;
}

/** The size of the request line and all headers. */
export function headerBytes(request: DoorRequest): number {
  return request.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, request.method.length + request.target.length + 12);
}

/** `10/Jul/2026:19:19:05 +0000` */
export function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString())!;
  return `${day}/${month}/${year}:${clock} +0000`;
}

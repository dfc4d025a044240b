import { DoorRequest } from './front-door';
import { newTraceId } from '../lambda/trace-id';

/** Headers that concern one connection only and end at the door. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect']);

/** A request's target, split where the query begins. Both parts stay undecoded. */
export function splitTarget(target: string): { path: string; query: string } {
  // A proxy sends the absolute form, https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form
  const origin = /^https?:\/\/[^/?]*/i.exec(target);
  const relative = origin ? target.slice(origin[0].length) || '/' : target;
  const mark = relative.indexOf('?');
  return mark < 0 ? { path: relative, query: '' } : { path: relative.slice(0, mark), query: relative.slice(mark + 1) };
}

/** The query's names and values as they were sent, in order; `+` and `%` are not decoded. */
export function splitQuery(query: string): [name: string, value: string][] {
  return query.split('&').filter(Boolean).map((pair) => {
    const mark = pair.indexOf('=');
    return mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
  });
}

/** Decodes percent escapes and `+`; what is malformed stays as it was sent. */
export function decodeQueryPart(part: string): string {
  return decodePercent(part.replace(/\+/g, ' '));
}

/** Decodes percent escapes; a malformed sequence stays as it was sent. */
export function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** All values of each name, in the order of their first appearance. */
export function groupByName(pairs: Iterable<readonly [string, string]>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    groups.set(name, [...groups.get(name) ?? [], value]);
  }
  return groups;
}

/**
 * The headers that a door hands on: what the client sent, with the ones that AWS writes itself.
 * `x-forwarded-for` is appended to, since its first entries are the client's own claim; scheme and port are overwritten.
 * Names are lower-case.
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

/** Node reads header bytes as Latin-1; events carry them as UTF-8 where they are. */
function decodeHeaderValue(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  const decoded = bytes.toString('utf8');
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : value;
}

/** The request line and all headers, as the header limits of the doors count them. */
export function headerBytes(request: DoorRequest): number {
  return request.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, request.method.length + request.target.length + 12);
}

/** `10/Jul/2026:19:19:05 +0000` */
export function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString())!;
  return `${day}/${month}/${year}:${clock} +0000`;
}

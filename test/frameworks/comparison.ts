import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { ReceivedResponse } from '../local/fixtures/http-client';

/** What is left out of the comparison, with the reason. The pages list it. */
export const NORMALIZATIONS: readonly { what: string; why: string }[] = [
  { what: '`connection`, `keep-alive`, `transfer-encoding`, `date`', why: 'belong to the connection between client and door' },
  { what: '`content-length`', why: 'the door counts the body itself, or streams it; bodies are compared byte by byte' },
  { what: '`server`, `x-amzn-requestid`, `apigw-requestid`, `x-amzn-remapped-content-length`, `x-amzn-remapped-date`', why: 'added by the door' },
  { what: 'repeated headers other than `set-cookie`', why: 'Function URL and HTTP API join them with a comma, which means the same' },
  { what: 'the host and the scheme in URLs', why: 'each server has an address of its own' },
  { what: '`last-modified`, and the time in the `etag` of a static file', why: 'a zip tells the times of files to two seconds' },
  { what: '`content-type`, where the site sends none', why: 'the runtime or the door adds one (see ../http-through-the-doors.md)' },
  { what: '`content-encoding`', why: 'bodies are compared after they are decompressed, since the chunks of a stream decide how they are compressed' },
];

const LEFT_OUT = ['connection', 'keep-alive', 'transfer-encoding', 'date', 'content-length', 'server', 'x-amzn-requestid', 'apigw-requestid',
  'x-amzn-remapped-content-length', 'x-amzn-remapped-date', 'last-modified'];

/** What the runtime, API Gateway and the other doors add to a response without a type. */
const ADDED_TYPES = ['text/plain; charset=utf-8', 'text/plain;charset=UTF-8', 'application/json', 'application/octet-stream'];

/** Whether a door's response is that of the framework's own server. */
export function isEqual(door: Comparable, own: Comparable): boolean {
  const type = door.headers['content-type'] as string | undefined;
  const { 'content-type': _, ...rest } = door.headers;
  const headers = own.headers['content-type'] === undefined && ADDED_TYPES.includes(type!) ? rest : door.headers;
  return JSON.stringify({ ...door, headers }) === JSON.stringify(own);
}

/** Replaces what differs between two runs of the same server, such as times in a page. */
export type Normalize = (text: string, from: { readonly request: string; readonly header?: string }) => string;

export interface Comparable {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[] | string>>;
  readonly body: string;
}

/** A response without what may differ. */
export function comparable(response: ReceivedResponse, url: string, request: string, normalize: Normalize = (text) => text): Comparable {
  const { host } = new URL(url);
  const anywhere = (text: string, header?: string) => normalize(
    text.replaceAll(`https://${host}`, '(origin)').replaceAll(`http://${host}`, '(origin)').replaceAll(host, '(host)'), { request, header });
  const headers = Object.entries(response.headers).filter(([name]) => !LEFT_OUT.includes(name)).map(([name, values]) => {
    const named = values.map((value) => anywhere(name === 'etag' ? withoutTime(value) : value, name));
    return [name, name === 'set-cookie' ? named : named.join(', ').replace(/,\s*/g, ', ')] as const;
  });
  return {
    status: response.status,
    headers: Object.fromEntries(headers.sort(([a], [b]) => a < b ? -1 : 1)),
    body: anywhere(decompressed(response).toString('latin1')),
  };
}

/** The tags that `send` (with a size in front) and `sirv` (with one in front, too) make of a file's time. */
function withoutTime(etag: string): string {
  return etag.replace(/^(W\/)?"([0-9a-f]+)-[0-9a-f]{9,12}"$/, '$1"$2-(a time)"').replace(/^(W\/)?"(\d+)-\d{12,13}"$/, '$1"$2-(a time)"');
}

function decompressed({ headers, body }: ReceivedResponse): Buffer {
  if (body.length === 0) return body;
  switch (headers['content-encoding']?.[0]) {
    case 'gzip': return gunzipSync(body);
    case 'br': return brotliDecompressSync(body);
    default: return body;
  }
}

/** A difference between a door and the framework's own server that is known, with its cause. */
export interface Difference {
  readonly request: string | RegExp;
  readonly doors?: readonly FrontDoorName[];
  readonly streamed?: boolean;
  readonly cause: string;
}

/** Behind an HTTP API a site is asked for another path, and its page says so. */
export const ENCODED_SLASH: Difference = {
  request: 'a public file above the folder',
  doors: ['http-api'],
  cause: 'an HTTP API decodes the path, so that an encoded slash cannot be told from a plain one, and the 404 names another path',
};

/** The first place in which two responses differ, for people to read. */
export function firstDifference(expected: Comparable, got: Comparable): string {
  const names = new Set([...Object.keys(expected.headers), ...Object.keys(got.headers)]);
  const lines = [...names].filter((name) => String(expected.headers[name]) !== String(got.headers[name]))
    .map((name) => `${name}: expected ${expected.headers[name]}, got ${got.headers[name]}`);
  if (expected.status !== got.status) lines.unshift(`status: expected ${expected.status}, got ${got.status}`);
  if (expected.body !== got.body) {
    let at = 0;
    while (expected.body[at] === got.body[at]) at++;
    const around = ({ body }: Comparable) => JSON.stringify(body.slice(Math.max(0, at - 80), at + 160));
    lines.push(`body at ${at} of ${expected.body.length} and ${got.body.length}: expected …${around(expected)}, got …${around(got)}`);
  }
  return lines.join('\n  ');
}

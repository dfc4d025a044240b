import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { SentRequest } from '../local/fixtures/http-client';

const PNG = readFileSync(path.join(__dirname, 'next/public/door.png'));
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** As long as the boundary of Chromium: some parsers refuse shorter ones. */
const BOUNDARY = '----WebKitFormBoundary0123456789abcdef';

/** A form with a file, as a browser sends it. */
export function multipart(fields: Record<string, string | { name: string; type: string; content: Buffer }>): Pick<SentRequest, 'method' | 'headers' | 'body'> {
  const parts = Object.entries(fields).flatMap(([field, value]) => typeof value === 'string'
    ? [`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`]
    : [`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="${value.name}"\r\nContent-Type: ${value.type}\r\n\r\n`, value.content, '\r\n']);
  return {
    method: 'POST',
    headers: [['Content-Type', `multipart/form-data; boundary=${BOUNDARY}`]],
    body: Buffer.concat([...parts.map((part) => Buffer.from(part as string)), Buffer.from(`--${BOUNDARY}--\r\n`)]),
  };
}

export const FILE = { name: 'doör.png', type: 'image/png', content: PNG };

/** What every site answers. The fixtures have the same paths. */
export const COMMON: Record<string, SentRequest> = {
  'the first page': { path: '/' },
  'the first page as browsers ask for it': { path: '/', headers: [['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8'], ['Accept-Encoding', 'gzip, deflate, br'], ['Accept-Language', 'de,en;q=0.5'], ['User-Agent', 'Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36']] },
  'HEAD of the first page': { method: 'HEAD', path: '/' },
  'a page with a parameter and a query': { path: '/items/1?tag=a&tag=b' },
  'a page with encoded parameters': { path: '/items/%C3%BC%20x?q=1%2B2&empty=' },
  'a page that is not there': { path: '/nothing/here' },
  'a page that says it is not there': { path: '/items/none' },
  'a page that redirects': { path: '/items/moved' },
  'a page that throws': { path: '/items/broken' },
  'a redirect of the config': { path: '/old?a=1' },
  'a page of the form': { path: '/form', headers: [['Cookie', 'greeted=me; other=1']] },
  'a streamed page': { path: '/streamed', headers: [['User-Agent', 'Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36']] },
  'JSON': { path: '/api/anything?a=1&a=2&b=%C3%BC', headers: [['Cookie', 'a=1; b=two'], ['User-Agent', 'test']] },
  'two cookies': { path: '/api/cookies' },
  'a redirect of the API': { path: '/api/redirect' },
  'an empty answer': { path: '/api/empty' },
  'an error of the API': { path: '/api/broken' },
  'events': { path: '/api/stream' },
  'bytes': { path: '/api/binary' },
  'a large answer': { path: '/api/large' },
  'a large answer, compressed': { path: '/api/large', headers: [['Accept-Encoding', 'gzip']] },
  'every byte, there and back': { method: 'POST', path: '/api/echo', headers: [['Content-Type', 'application/octet-stream']], body: EVERY_BYTE },
  'JSON, there and back': { method: 'POST', path: '/api/echo', headers: [['Content-Type', 'application/json']], body: '{"a":"ü"}' },
  'an empty body': { method: 'POST', path: '/api/echo', headers: [['Content-Type', 'text/plain'], ['Content-Length', '0']] },
  'an upload with a field': { path: '/api/upload', ...multipart({ note: 'x', file: FILE }) },
  'an upload': { path: '/api/upload', ...multipart({ file: FILE }) },
  'a method that is not allowed': { method: 'DELETE', path: '/api/echo' },
  'a public file': { path: '/door.png' },
  'HEAD of a public file': { method: 'HEAD', path: '/door.png' },
  'a part of a public file': { path: '/door.png', headers: [['Range', 'bytes=1-3']] },
  'a public file that is not there': { path: '/nothing.png' },
  'a public file above the folder': { path: '/..%2f..%2fpackage.json' },
};

/** A request for each file that the build made for browsers. */
export function assetRequests(folder: string, prefix: string): Record<string, SentRequest> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).map(encodeURIComponent).join('/'));
  return Object.fromEntries(files.sort().map((file) => [`the file ${prefix}${file}`, { path: prefix + file }]));
}

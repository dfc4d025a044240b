import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { toCurl } from '../../../local/inspector/page/curl';
import { send } from '../fixtures/http-client';
import { serveTemplate } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

/** Answers with the request as the function got it. */
const ECHO = `exports.handler = async ({ rawPath, rawQueryString, requestContext, headers, cookies, body, isBase64Encoded }) => ({
  statusCode: 200,
  body: JSON.stringify({ rawPath, rawQueryString, method: requestContext.http.method, headers, cookies, body, isBase64Encoded }),
});`;

type Request = Parameters<typeof toCurl>[0];

interface Parts { method?: string; target?: string; headers?: [string, string][]; text?: string; base64?: string; cut?: boolean }

function requestOf(parts: Parts): Request {
  const { method = 'GET', target = '/', headers = [], text, base64, cut = false } = parts;
  const size = base64 === undefined ? Buffer.byteLength(text ?? '') : Buffer.from(base64, 'base64').length;
  return { method, target, httpVersion: '1.1', headers, body: { size, text, base64, cut } };
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

(hasCurl ? describe : describe.skip)(`the command, run by a shell${hasCurl ? '' : ' (skipped: curl is not installed)'}`, () => {
  test.each<[string, Parts]>([
    ['a GET', { headers: [['User-Agent', 'me'], ['Accept', '*/*']] }],
    ['a path and query with what shells, curl and URLs find special', { target: '/a/../b/%2F//c?x=[1-3]&y={a,b}&z=%20+$HOME' }],
    ['quotes, dollars and backslashes in headers', { headers: [['X-Quoted', '\'"$(true)`\\n']] }],
    ['cookies', { headers: [['Cookie', 'a=1; b="2"']] }],
    ['a header without a value', { headers: [['X-Empty', '']] }],
    ['a form', { method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded']], text: 'a=1&b=%20\'' }],
    ['a body that begins with @', { method: 'PUT', headers: [['Content-Type', 'text/plain']], text: '@/etc/passwd\r\nnext' }],
    ['a body without a content type', { method: 'POST', text: 'plain' }],
    ['a body with a null byte', { method: 'POST', headers: [['Content-Type', 'text/plain']], text: 'a\0b' }],
    ['a binary body', { method: 'PATCH', headers: [['Content-Type', 'image/png']], base64: Buffer.from([0, 255, 10, 39]).toString('base64') }],
    ['DELETE', { method: 'DELETE' }],
  ])('sends %s as it was', async (_, parts) => {
    const served = await serveTemplate(fourDoors(), { 'index.js': ECHO });
    const { origin } = new URL(served.doors.find(({ name }) => name === 'function-url')!.url);
    const request = requestOf(parts);
    const { text, base64, target = '/', ...rest } = parts;
    const first = await send(origin, { ...rest, path: target, body: base64 === undefined ? text : Buffer.from(base64, 'base64') });
    const { stdout, stderr } = await runShell(`${toCurl(request, origin)} --silent --show-error`);
    expect(stderr).toBe('');
    const [seen, expected] = [stdout, first.body.toString()].map((json) => withoutTrace(JSON.parse(json)));
    expect(seen).toEqual(expected);
  });
});

test('a body that was cut off is left out, and the method stays', () => {
  expect(toCurl(requestOf({ method: 'POST', text: 'x', cut: true }), 'http://127.0.0.1:1')).toBe(
    "curl 'http://127.0.0.1:1/' \\\n  --globoff \\\n  --path-as-is \\\n  --request 'POST' \\\n  --header 'User-Agent:' \\\n  --header 'Accept:'");
});

test('another name in the Host header is sent', () => {
  expect(toCurl(requestOf({ headers: [['Host', 'shop.example.com']] }), 'http://127.0.0.1:1')).toContain("--header 'Host: shop.example.com'");
});

async function runShell(command: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)('/bin/sh', ['-c', command]);
}

/** Each request has another trace ID. */
function withoutTrace({ headers: { 'x-amzn-trace-id': _, 'x-forwarded-port': __, ...headers }, ...rest }: any): object {
  return { ...rest, headers };
}

import * as http from 'node:http';
import { Exchange } from '../../../local/inspector/exchange';
import { Served } from '../../../local/serve';
import { DOOR_NAMES } from '../fixtures/doors';
import { send } from '../fixtures/http-client';
import { serveTemplate } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

const HANDLER = `
  exports.handler = async (event) => {
    if (event.rawQueryString === 'print') { console.log('one'); console.error('two'); }
    if (event.rawQueryString === 'throw') throw new RangeError('on purpose');
    if (event.rawQueryString === 'bytes') return { statusCode: 200, isBase64Encoded: true, body: Buffer.from([0, 255]).toString('base64') };
    if (event.rawQueryString === 'large') return { statusCode: 200, body: 'x'.repeat(300 * 1024) };
    return { statusCode: 201, headers: { 'x-a': '1' }, body: 'hello' };
  };
`;
const STREAM = `
  exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    const http = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { 'content-type': 'text/plain' } });
    http.write('one');
    await new Promise((resolve) => setTimeout(resolve, 100));
    http.write('two');
    http.end();
  });
`;

let served: Served;

async function start(template = fourDoors(), code = HANDLER): Promise<void> {
  served = await serveTemplate(template, { 'index.js': code });
}

function door(name: string): string {
  return served.doors.find((candidate) => candidate.name === name)!.url;
}

/** Returns what the page receives, until one exchange fits. The action starts when the page is connected. */
async function watch(until: (exchange: Exchange) => boolean, action: () => unknown = () => undefined): Promise<Exchange[]> {
  return new Promise((resolve, reject) => {
    const seen: Exchange[] = [];
    const request = http.get(`${served.inspectorUrl}exchanges`, (response) => {
      const acting = Promise.resolve(action());
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const messages = text.split('\n\n');
        text = messages.pop()!;
        for (const message of messages.filter((candidate) => candidate.startsWith('data: '))) {
          seen.push(JSON.parse(message.slice(6)));
          if (until(seen[seen.length - 1])) {
            request.destroy();
            acting.then(() => resolve(seen), reject);
            return;
          }
        }
      });
    });
    request.on('error', reject);
  });
}

async function exchangeOf(url: string, request: Parameters<typeof send>[1] = {}): Promise<Exchange> {
  return (await watch((exchange) => exchange.duration !== undefined, () => send(url, request))).at(-1)!;
}

test('an exchange has the request, the event, the result and the answer', async () => {
  await start();
  const exchange = await exchangeOf(door('http-api'), { method: 'POST', path: '/x?a=1', headers: [['Content-Type', 'text/plain']], body: 'body' });
  expect(exchange).toMatchObject({
    door: 'http-api',
    app: 'Stack/Web',
    request: { method: 'POST', target: '/x?a=1', body: { size: 4, text: 'body', cut: false } },
    event: { version: '2.0', rawPath: '/x', rawQueryString: 'a=1', body: 'body' },
    result: { kind: 'result', body: { text: '{"statusCode":201,"headers":{"x-a":"1"},"body":"hello"}' } },
    answer: { status: 201, headers: expect.arrayContaining([['x-a', '1']]), body: { size: 5, text: 'hello' } },
  });
  expect(exchange.request.headers).toContainEqual(['Content-Type', 'text/plain']);
});

test('an exchange is shown while it takes place', async () => {
  await start();
  const watched = await watch((exchange) => exchange.duration !== undefined, () => send(door('http-api')));
  const states = watched.map(({ event, answer, duration }) => [event !== undefined, answer !== undefined, duration !== undefined]);
  expect(states[0]).toEqual([false, false, false]);
  expect(states).toContainEqual([true, false, false]);
  expect(states.at(-1)).toEqual([true, true, true]);
});

test('an answer that the door makes itself has a reason and no event', async () => {
  const json = fourDoors();
  delete json.Resources.HttpPermission;
  await start(json);
  const exchange = await exchangeOf(door('http-api'));
  expect(exchange).toMatchObject({ answer: { status: 500 }, reason: expect.stringContaining('no AWS::Lambda::Permission') });
  expect([exchange.event, exchange.result]).toEqual([undefined, undefined]);
});

test.each(DOOR_NAMES)('%s has a colour on the page, on light and on dark ground', async (name) => {
  await start();
  const page = (await send(served.inspectorUrl)).body.toString();
  expect(page.match(new RegExp(` --${name}: #[0-9a-f]{6};`, 'g'))).toHaveLength(2);
});

test('a failing function has an error as its result', async () => {
  await start();
  expect(await exchangeOf(door('function-url'), { path: '/?throw' })).toMatchObject({
    result: { kind: 'error', errorType: 'RangeError', errorMessage: 'on purpose' }, answer: { status: 502 },
  });
});

test('a failing function has its stack', async () => {
  await start();
  const result = (await exchangeOf(door('function-url'), { path: '/?throw' })).result as unknown;
  expect((result as { stack: readonly string[] }).stack.join('\n')).toMatch(/^RangeError: on purpose\n +at .*index\.js:4:/);
});

test('an exchange has the lines that the function printed for it', async () => {
  await start();
  const printed = await watch((exchange) => exchange.logs.lines.length === 2, () => send(door('http-api'), { path: '/?print' }));
  expect(printed.at(-1)!.logs.lines.map(({ error, text }) => [error, text]).sort()).toEqual([[false, 'one'], [true, 'two']]);
  const isQuiet = ({ request, duration }: Exchange) => request.target === '/quiet' && duration !== undefined;
  expect((await watch(isQuiet, () => send(door('http-api'), { path: '/quiet' }))).at(-1)!.logs.lines).toEqual([]);
});

describe('replay', () => {
  const replay = (id: number, name: string) => post({ id, url: door(name) });

  async function post(body: object): Promise<{ status: number; text: string }> {
    const response = await fetch(`${served.inspectorUrl}replay`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  }

  test('sends a request again through the same door, byte for byte', async () => {
    await start();
    const first = await exchangeOf(door('http-api'), {
      method: 'PUT', path: '/a%2Fb//c?x=1&x=%20', headers: [['X-Two', '1'], ['X-Two', '2'], ['Cookie', 'a=1']], body: Buffer.from([0, 255, 13, 10]),
    });
    const again = (await watch(({ id, duration }) => id > first.id && duration !== undefined, () => replay(first.id, 'http-api'))).at(-1)!;
    expect(again.request.body).toEqual(first.request.body);
    expect([again.request.method, again.request.target]).toEqual(['PUT', '/a%2Fb//c?x=1&x=%20']);
    const headersOf = ({ request }: Exchange) => request.headers.filter(([name]) => name.toLowerCase() !== 'connection').sort();
    expect(headersOf(again)).toEqual(headersOf(first));
  });

  test.each(DOOR_NAMES.flatMap((from) => DOOR_NAMES.filter((to) => to !== from).map((to) => [from, to])))('leads from %s to %s, at the path of the latter', async (from, to) => {
    await start();
    const first = await exchangeOf(door(from), { method: 'POST', path: '/x?a=1', body: 'hello' });
    const again = (await watch(({ id, duration }) => id > first.id && duration !== undefined, () => replay(first.id, to))).at(-1)!;
    expect(again).toMatchObject({ door: to, url: door(to), request: { method: 'POST', target: `${to === 'rest-api' ? '/live' : ''}/x?a=1` }, answer: { status: 201 } });
    expect(again.request.headers).toContainEqual(['Host', new URL(door(to)).host]);
  });

  test('fails for a request that was cleared, and for an address that is not a door', async () => {
    await start();
    const { id } = await exchangeOf(door('http-api'));
    expect(await post({ id, url: 'http://example.com/' })).toEqual({ status: 404, text: 'this door is not served any more\n' });
    await send(served.inspectorUrl, { method: 'DELETE', path: '/exchanges' });
    expect(await replay(id, 'http-api')).toEqual({ status: 404, text: 'this request is not kept any more\n' });
  });
});

test('binary bodies are shown in base64, and large bodies are cut off', async () => {
  await start();
  expect((await exchangeOf(door('function-url'), { path: '/?bytes' })).answer!.body).toEqual({ size: 2, base64: 'AP8=', cut: false });
  await send(served.inspectorUrl, { method: 'DELETE', path: '/exchanges' });
  const { size, cut, text } = (await exchangeOf(door('function-url'), { path: '/?large' })).answer!.body;
  expect([size, cut, text!.length]).toEqual([300 * 1024, true, 256 * 1024]);
});

test('a stream is shown chunk by chunk, and its answer as a whole', async () => {
  await start(fourDoors({ streaming: true }), STREAM);
  const exchange = await exchangeOf(door('function-url'));
  const { result } = exchange;
  if (result?.kind !== 'stream') throw new Error(`expected a stream, got ${result?.kind}`);
  expect(result.chunks.map(({ body }) => body.text)).toEqual([`{"statusCode":200,"headers":{"content-type":"text/plain"}}${'\0'.repeat(8)}one`, 'two']);
  expect(result.chunks[1].at - result.chunks[0].at).toBeGreaterThan(60);
  expect(exchange.answer!.body.text).toBe('onetwo');
});

test('a page that is opened later gets the earlier exchanges, until they are cleared', async () => {
  await start();
  await send(door('http-api'), { path: '/before' });
  expect((await watch(() => true))[0].request.target).toBe('/before');
  expect((await send(served.inspectorUrl, { method: 'DELETE', path: '/exchanges' })).status).toBe(204);
  expect((await watch(() => true, () => send(door('http-api'), { path: '/after' })))[0].request.target).toBe('/after');
});

test('the page is one file and loads no other files', async () => {
  await start();
  const page = await send(served.inspectorUrl);
  expect([page.status, page.headers['content-type']]).toEqual([200, ['text/html; charset=utf-8']]);
  expect(page.headers['content-security-policy'][0]).toContain("default-src 'none'");
  expect(page.body.toString()).toContain('<title>Inspector</title>');
  expect(page.body.toString()).not.toMatch(/(src|href)="/);
});

test('fails for a host name of another site', async () => {
  await start();
  const { port } = new URL(served.inspectorUrl);
  const status = await new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: '/exchanges', headers: { host: `rebound.example:${port}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
  expect(status).toBe(403);
});

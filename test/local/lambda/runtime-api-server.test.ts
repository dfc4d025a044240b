import * as http from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, BufferedAnswer, Invocation, RuntimeApiServer } from '../../../local/lambda/runtime-api-server';

const NEXT = '/2018-06-01/runtime/invocation/next';
const PLAIN: Omit<Invocation, 'onAnswer'> = { event: '{"a":1}', requestId: 'id-1', timeoutMs: 5000 };

let server: RuntimeApiServer;
let nexts = 0;
const initErrors: BufferedAnswer[] = [];

beforeEach(async () => {
  nexts = 0;
  server = await RuntimeApiServer.start({ maxResultBytes: 100, onNext: () => nexts++, onInitError: (error) => initErrors.push(error) });
});
afterEach(() => server.close());

interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function request(method: string, path: string, headers: http.OutgoingHttpHeaders = {}): { client: http.ClientRequest; reply: Promise<Reply> } {
  const client = http.request(`http://${server.address}${path}`, { method, headers, agent: false });
  const reply = new Promise<Reply>((resolve, reject) => {
    client.on('error', reject).on('response', (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
  });
  reply.catch(() => undefined);
  return { client, reply };
}

async function send(method: string, path: string, body?: string, headers?: http.OutgoingHttpHeaders): Promise<Reply> {
  const { client, reply } = request(method, path, headers);
  client.end(body);
  return reply;
}

function answerPath(requestId: string, verb: 'response' | 'error' = 'response'): string {
  return `/2018-06-01/runtime/invocation/${requestId}/${verb}`;
}

function invoke(invocation: Partial<Invocation> = {}): Promise<Answer> {
  return new Promise((resolve) => server.invoke({ ...PLAIN, onAnswer: resolve, ...invocation }));
}

test('an event is given to the function with its headers, and its answer comes back', async () => {
  const told: string[] = [];
  const answer = invoke({ headers: { 'trace-id': 'Root=1' }, onStart: (id) => told.push(`start ${id}`), onEnd: () => told.push('end') });
  const { status, headers, body } = await send('GET', NEXT);
  expect([status, body, told, nexts]).toEqual([200, '{"a":1}', ['start id-1'], 1]);
  expect(headers).toMatchObject({ 'lambda-runtime-aws-request-id': 'id-1', 'lambda-runtime-trace-id': 'Root=1' });
  expect(Number(headers['lambda-runtime-deadline-ms']) - Date.now()).toBeGreaterThan(4000);
  expect(await send('POST', answerPath('id-1'), '{"b":2}')).toMatchObject({ status: 202, body: '{"status":"OK"}' });
  expect(await answer).toMatchObject({ kind: 'response', body: Buffer.from('{"b":2}') });
  expect(told).toEqual(['start id-1', 'end']);
});

test('several events can be handled at the same time, and answered in another order', async () => {
  const asked = [send('GET', NEXT), send('GET', NEXT)];
  const answers = [invoke({ requestId: 'one' }), invoke({ requestId: 'two' })];
  const ids = (await Promise.all(asked)).map(({ headers }) => headers['lambda-runtime-aws-request-id']);
  expect(ids.sort()).toEqual(['one', 'two']);
  await send('POST', answerPath('two'), '2');
  await send('POST', answerPath('one', 'error'), '{}');
  expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(['error', 'response']);
});

test('an event is not sent to a process that has ended', async () => {
  const { client } = request('GET', NEXT);
  client.end();
  while (nexts === 0) await sleep(5);
  client.destroy();
  await sleep(50);
  const answer = invoke();
  expect((await send('GET', NEXT)).body).toBe('{"a":1}');
  await send('POST', answerPath('id-1'), '1');
  expect((await answer).kind).toBe('response');
});

test('a connection that is lost in the middle of an answer does not stop the server', async () => {
  let answered = false;
  server.invoke({ ...PLAIN, onAnswer: () => { answered = true; } });
  await send('GET', NEXT);
  const { client } = request('POST', answerPath('id-1'), { 'content-length': 50 });
  client.write('half');
  await sleep(50);
  client.destroy();
  await sleep(50);
  expect(answered).toBe(false);
  // The server is alive, and takes the answer when it comes once more.
  expect((await send('POST', answerPath('id-1'), 'whole')).status).toBe(202);
  expect(answered).toBe(true);
});

test('a streamed answer is passed on while it arrives, with its trailers', async () => {
  const answer = invoke();
  await send('GET', NEXT);
  const { client, reply } = request('POST', answerPath('id-1'), {
    'lambda-runtime-function-response-mode': 'streaming', 'transfer-encoding': 'chunked', 'trailer': 'Lambda-Runtime-Function-Error-Type',
  });
  client.write('x'.repeat(200));
  const streamed = await answer;
  if (streamed.kind !== 'stream') throw new Error(`expected a stream, got ${streamed.kind}`);
  client.addTrailers({ 'Lambda-Runtime-Function-Error-Type': 'TypeError' });
  client.end('y');
  expect((await buffer(streamed.body)).length).toBe(201);
  expect([streamed.body.complete, streamed.body.trailers]).toEqual([true, { 'lambda-runtime-function-error-type': 'TypeError' }]);
  expect((await reply).status).toBe(202);
});

test('fails with 413 for a response that is too large, but accepts an error of that size', async () => {
  const refused = invoke();
  await send('GET', NEXT);
  const reply = await send('POST', answerPath('id-1'), 'x'.repeat(101));
  expect([reply.status, JSON.parse(reply.body).errorType]).toEqual([413, 'Function.ResponseSizeTooLarge']);
  expect((await refused).kind).toBe('too large');
  const failed = invoke({ requestId: 'id-2' });
  await send('GET', NEXT);
  expect((await send('POST', answerPath('id-2', 'error'), 'x'.repeat(101))).status).toBe(202);
  expect((await failed).kind).toBe('error');
});

test('fails with 403 for a request ID that is not running, and with 404 for other paths', async () => {
  expect((await send('POST', answerPath('unknown'), '{}')).status).toBe(403);
  expect((await send('GET', '/other')).status).toBe(404);
});

test('an init error is reported', async () => {
  expect((await send('POST', '/2018-06-01/runtime/init/error', '{"errorType":"E"}')).status).toBe(202);
  expect(initErrors.map(({ body }) => body.toString())).toEqual(['{"errorType":"E"}']);
});

test('an extension is registered', async () => {
  const { status, headers } = await send('POST', '/2020-01-01/extension/register', '{"events":[]}');
  expect([status, headers['lambda-extension-identifier']]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});

test.each<[string, http.OutgoingHttpHeaders]>([
  ['a script of a page that fetches', { Origin: 'https://evil.example' }],
  ['a page whose origin is hidden', { Origin: 'null' }],
  ['a page that loads an image', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ['a page on another port of this machine', { 'Sec-Fetch-Site': 'same-site' }],
  ['a page whose own name resolves to this machine', { Host: 'evil.example' }],
  ['a page that is opened in a browser', { 'Sec-Fetch-Site': 'none' }],
  ['a page of a name of this machine', { Host: 'localhost' }],
])('fails with 403 for %s, which neither takes an event nor ends the function', async (_, headers) => {
  const answer = invoke();
  expect((await send('GET', NEXT, undefined, headers)).status).toBe(403);
  expect((await send('POST', '/2018-06-01/runtime/init/error', '{"errorType":"FromAPage"}', headers)).status).toBe(403);
  expect(nexts).toBe(0);
  expect(initErrors.map(({ body }) => body.toString())).not.toContain('{"errorType":"FromAPage"}');
  expect((await send('GET', NEXT)).status).toBe(200);
  expect((await send('POST', answerPath('id-1'), 'from a page', headers)).status).toBe(403);
  expect((await send('POST', answerPath('id-1'), '1')).status).toBe(202);
  expect((await answer) as BufferedAnswer).toMatchObject({ kind: 'response', body: Buffer.from('1') });
});

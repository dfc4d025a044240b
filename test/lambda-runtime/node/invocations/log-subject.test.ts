import { fixture } from '../cases';
import { handlerOf } from '../handler-of';

const SECRET = 'hunter2';

/** A request with a secret in every place that a client can write to. */
function secretiveEvent(change: object): any {
  const event = fixture('function-url.json');
  return {
    ...event,
    rawQueryString: `token=${SECRET}`,
    cookies: [`session=${SECRET}`],
    headers: { 'host': 'app.example', 'authorization': `Bearer ${SECRET}`, 'x-api-key': SECRET },
    body: `password=${SECRET}`,
    isBase64Encoded: false,
    ...change,
  };
}

function logOf(): string[] {
  return [console.error, console.warn].flatMap((level) => (level as jest.Mock).mock.calls.map(([line]) => line as string));
}

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

test.each<[string, object]>([
  ['is refused for its target', { rawPath: 'http://evil.example/x' }],
  ['is refused for its query', { rawQueryString: `token=${SECRET} x` }],
  ['is refused for a header', { headers: { 'host': 'app.example', 'x-api-key': `${SECRET}\r\nx: y` } }],
  ['is refused for its host', { headers: { host: `user:${SECRET}@app.example` } }],
  ['fails in the app', {}],
])('the log of a request that %s has one entry, without what the client kept secret', async (_, change) => {
  await handlerOf((_req: unknown, _res: unknown) => {
    throw new Error('out of order');
  })(secretiveEvent(change));
  expect(logOf()).toHaveLength(1);
  expect(logOf().join()).not.toContain(SECRET);
});

test('no text of a client begins a line of its own in the log', async () => {
  const forged = '[wrapped-web-app] RequestId: 1 all is well';
  const event = secretiveEvent({ rawPath: `/x\n${forged}` });
  event.requestContext.http.method = `GET\r\n${forged}`;
  await handlerOf((_req: unknown, _res: unknown) => undefined)(event);
  expect(logOf()).toEqual([expect.stringMatching(/^\[wrapped-web-app\] function-url GET\\u000d\\u000a.*\/x\\u000a.*; the client gets 400$/)]);
});

import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { Server } from 'node:http';
import fastify from 'fastify';
import { fixture } from '../cases';
import { handlerOf } from '../handler-of';

const [connect, express, Koa] = ['connect', 'express', 'koa'].map((name) => require(name)); // eslint-disable-line @typescript-eslint/no-require-imports

const span = new AsyncLocalStorage<string>();
let seen: string[];

/** What OpenTelemetry's instrumentation of HTTP does. */
function observeServers(): void {
  Server.prototype.emit = function (this: Server, event: any, ...values: any[]): boolean {
    const emit = () => EventEmitter.prototype.emit.call(this, event, ...values);
    if (event !== 'request') {
      return emit();
    }
    seen.push(`${values[0].method} ${values[0].url}`);
    values[1].once('close', () => seen.push(`closed with ${values[1].statusCode}`));
    return span.run('the span', emit);
  } as never;
}

beforeEach(() => {
  seen = [];
  jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => {
  delete (Server.prototype as { emit?: unknown }).emit;
  jest.restoreAllMocks();
});

const APPS: [string, () => unknown][] = [
  ['a listener', () => (_req: any, res: any) => res.end(span.getStore())],
  ['an Express app', () => express().use((_req: any, res: any) => res.end(span.getStore()))],
  ['a Connect app', () => connect().use((_req: any, res: any) => res.end(span.getStore()))],
  ['a Koa app', () => new Koa().use((ctx: any) => {
    ctx.body = span.getStore();
  })],
  ['a Fastify app', () => fastify().all('/*', async () => span.getStore())],
  ['a server', () => new Server((_req: any, res: any) => res.end(span.getStore()))],
];

test.each(APPS)('an agent that observes servers sees each request of %s once, and the app runs inside', async (_, make) => {
  observeServers();
  const handler = handlerOf(make());
  const event = fixture('function-url.json');
  for (let i = 0; i < 2; i++) {
    const { statusCode, body, isBase64Encoded } = await handler(event);
    expect([statusCode, Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString()]).toEqual([200, 'the span']);
  }
  const request = `${event.requestContext.http.method} ${event.rawPath}${event.rawQueryString && `?${event.rawQueryString}`}`;
  await new Promise(setImmediate);
  expect(seen.filter((each) => each === request)).toHaveLength(2);
  expect(seen).toHaveLength(4);
  expect(seen.filter((each) => each === 'closed with 200')).toHaveLength(2);
});

test('a request that fails is answered with 500 when servers are observed', async () => {
  observeServers();
  const handler = handlerOf((_req: unknown, _res: unknown) => {
    throw new Error('out of order');
  });
  expect((await handler(fixture('function-url.json'))).statusCode).toBe(500);
});

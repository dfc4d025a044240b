import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { INSTALLATION_TIME, installedNodes } from '../../../toolchain';
import { eventFor } from '../behaviours/doors';
import { bundlesOf } from '../bundles';
import { Environment } from '../runtime-client/environment';
import { Reader, Stream } from '../runtime-client/invocation';

const STREAMS = join(__dirname, '../runtime-client/apps/streams.cjs');
const FETCH_STREAMS = join(__dirname, '../runtime-client/apps/fetch-streams.mjs');
const bundles = bundlesOf([STREAMS, FETCH_STREAMS]);
const bundle = bundles.get(STREAMS)!;

// Times of arrival are measured in a process that others keep waiting.
jest.retryTimes(2);

const STREAMING = {
  AWS_LAMBDA_LOG_FORMAT: 'JSON',
  AWS_LAMBDA_LOG_LEVEL: 'INFO',
  WRAPPED_WEB_APP_DOORS: JSON.stringify([
    { door: 'function-url', responseMode: 'streaming' },
    { door: 'rest-api', responseMode: 'streaming' },
  ]),
};

describe.each(installedNodes())('on AWS\'s runtime client, Node $version, a streamed response', ({ binary }) => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.of(binary, bundle, STREAMING);
  }, INSTALLATION_TIME);
  afterAll(() => environment.close());

  const ask = async (target: string, { door = 'function-url', method = 'GET', timeLimit = 10_000, reader }: {
    door?: 'function-url' | 'rest-api'; method?: string; timeLimit?: number; reader?: Reader;
  } = {}): Promise<Stream & { requestId: string }> => {
    const { stream, requestId } = await environment.invoke(eventFor(door, { target, method }), timeLimit, reader);
    return { ...stream!, requestId };
  };
  const errorsSince = (entries: number): any[] => environment.log.slice(entries).map((line) => JSON.parse(line)).filter(({ level }) => level === 'ERROR');
  const served = async (): Promise<string> => (await ask('/ok')).body.toString();

  test('begins when the app writes its first byte, with all headers and cookies', async () => {
    await served();
    const { prelude, body, arrivals, complete } = await ask('/pieces');
    expect(prelude).toMatchObject({ statusCode: 200, cookies: ['a=1', 'b=2'], headers: { 'content-type': 'text/plain', 'x-multi': 'one, two' } });
    expect(body.toString()).toBe('first second third');
    expect(complete).toBe(true);
    expect(arrivals).toHaveLength(3);
    expect(arrivals[0].at).toBeLessThan(arrivals[1].at - 120);
    expect(arrivals[1].at).toBeLessThan(arrivals[2].at - 120);
  });

  test('puts repeated headers into multiValueHeaders for a REST API', async () => {
    const { prelude } = await ask('/pieces', { door: 'rest-api' });
    expect(prelude).toMatchObject({ statusCode: 200, multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'], 'x-multi': ['one', 'two'] } });
    expect(prelude).not.toHaveProperty('cookies');
  });

  test('delivers each server-sent event when it is written', async () => {
    const { prelude, body, arrivals } = await ask('/events');
    expect(prelude.headers['content-type']).toBe('text/event-stream');
    expect(body.toString().split('\n\n').slice(0, -1)).toEqual([0, 1, 2, 3].map((n) => `id: ${n}\nevent: tick\ndata: {"n":${n}}`));
    expect(arrivals).toHaveLength(4);
    expect(arrivals.at(-1)!.at - arrivals[0].at).toBeGreaterThan(50);
  });

  test('delivers a token stream token by token', async () => {
    const { body, arrivals } = await ask('/tokens');
    expect(body.toString()).toBe('Streaming is how a model’s answer reaches its reader word by word ');
    expect(arrivals.length).toBeGreaterThan(8);
    expect(arrivals.at(-1)!.at - arrivals[0].at).toBeGreaterThan(300);
  });

  test('of the head alone goes out when the app flushes it', async () => {
    const { prelude, preludeAt, body, arrivals } = await ask('/head-first');
    expect(prelude.statusCode).toBe(202);
    expect(preludeAt).toBeLessThan(arrivals[0].at - 100);
    expect(body.toString()).toBe('body');
  });

  test.each([['/empty', 204], ['/nothing', 200], ['/not-modified', 304]])('without a body comes to its end: %s', async (target, status) => {
    for (const door of ['function-url', 'rest-api'] as const) {
      const { prelude, body, complete } = await ask(target, { door });
      expect(prelude.statusCode).toBe(status);
      expect(body).toHaveLength(0);
      expect(complete).toBe(true);
    }
  });

  test('to HEAD has no body', async () => {
    const { prelude, body, complete } = await ask('/ok', { method: 'HEAD' });
    expect(prelude.statusCode).toBe(200);
    expect([body.length, complete]).toEqual([0, true]);
  });

  test('with more headers than a REST API takes is answered with 502 and an entry in the log, and no such limit counts for a Function URL', async () => {
    await served();
    const entries = environment.log.length;
    const { prelude, body, complete } = await ask('/large-header', { door: 'rest-api' });
    expect(prelude.statusCode).toBe(502);
    expect(body.toString()).toContain('API Gateway takes 10240');
    expect(complete).toBe(true);
    await served();
    expect(errorsSince(entries)).toEqual([expect.objectContaining({ message: expect.stringContaining('API Gateway takes 10240') })]);
    expect((await ask('/large-header')).prelude.statusCode).toBe(200);
  });

  test('waits for a slow reader', async () => {
    const entries = environment.log.length;
    const wrote = () => environment.log.slice(entries).filter((line) => line.includes('blocks, waited for drain')).length;
    const reading = ask('/large', { reader: { pause: 1500 } });
    await sleep(1000);
    // 20 MB are far more than sockets hold between the two.
    expect(wrote()).toBeLessThan(2);
    const { body, complete } = await reading;
    expect(complete).toBe(true);
    expect(body.equals(Buffer.alloc(320 * 64 * 1024, 'b'))).toBe(true);
    await served();
    expect(wrote()).toBe(2);
  });

  test.each(['/throws-before', '/rejects-before'])('%s fails with 500 before the first byte', async (target) => {
    const before = await served();
    const entries = environment.log.length;
    const { prelude, body, complete, requestId } = await ask(target);
    expect([prelude.statusCode, body.toString(), complete]).toEqual([500, 'Internal Server Error', true]);
    expect(await served()).toBe(before);
    const errors = errorsSince(entries);
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors[0])).toContain('before the first byte');
    expect(JSON.stringify(errors[0])).toContain(requestId);
  });

  test('that the app breaks off before the first byte fails with 502', async () => {
    const before = await served();
    expect((await ask('/destroys-before')).prelude.statusCode).toBe(502);
    expect(await served()).toBe(before);
  });

  test.each(['/throws-after', '/timer-throws-after', '/destroys-after'])('%s fails with a broken end after the first byte', async (target) => {
    const before = await served();
    const entries = environment.log.length;
    const { prelude, body, trailers, requestId } = await ask(target);
    expect([prelude.statusCode, body.toString()]).toEqual([200, 'half']);
    expect(trailers['lambda-runtime-function-error-type']).toBeTruthy();
    expect(await served()).toBe(before);
    const errors = errorsSince(entries);
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors[0])).toContain(requestId);
    expect(JSON.stringify(errors[0])).toContain(target);
    expect(environment.ends).toBe(0);
  });

  test('that never comes fails with 504 before the deadline', async () => {
    const before = await served();
    expect((await ask('/never', { timeLimit: 1000 })).prelude.statusCode).toBe(504);
    expect(await served()).toBe(before);
  });

  test('that never ends fails with a broken end before the deadline', async () => {
    const before = await served();
    const began = Date.now();
    const { body, trailers } = await ask('/half-never', { timeLimit: 3000 });
    expect(body.toString()).toBe('half');
    expect(trailers['lambda-runtime-function-error-type']).toBeTruthy();
    expect(Date.now() - began).toBeLessThan(3000);
    expect(await served()).toBe(before);
  });

  test('that is written without a pause and without an end breaks off', async () => {
    const before = await served();
    const entries = environment.log.length;
    const { trailers } = await ask('/endless-at-once');
    expect(trailers['lambda-runtime-function-error-type']).toBeTruthy();
    expect(await served()).toBe(before);
    await environment.settledLog();
    expect(errorsSince(entries)).toEqual([expect.anything()]);
    expect(JSON.stringify(errorsSince(entries))).toContain('wait for their reader');
  });

  test('whose connection is lost does not end the process, and the app hears of it', async () => {
    const before = await served();
    const entries = environment.log.length;
    await ask('/endless', { reader: { leaves: true } });
    expect(await served()).toBe(before);
    expect(environment.log.slice(entries).join('\n')).toContain('the app heard that the client left');
    expect(environment.ends).toBe(0);
  });
});

describe.each(installedNodes())('on AWS\'s runtime client, Node $version, a fetch app\'s stream', ({ binary }) => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.of(binary, bundles.get(FETCH_STREAMS)!, STREAMING);
  }, INSTALLATION_TIME);
  afterAll(() => environment.close());

  const ask = async (target: string, reader?: Reader): Promise<Stream> => (await environment.invoke(eventFor('function-url', { target }), 10_000, reader)).stream!;
  const expectServed = async () => {
    expect((await ask('/ok')).body.toString()).toBe('ok');
    expect(environment.ends).toBe(0);
  };

  test('arrives piece by piece', async () => {
    await expectServed();
    const { body, arrivals, complete } = await ask('/pieces');
    expect([body.toString(), complete]).toEqual(['first second third', true]);
    expect(arrivals).toHaveLength(3);
    expect(arrivals.at(-1)!.at - arrivals[0].at).toBeGreaterThan(50);
  });

  test.each([['/empty', 204], ['/no-body', 302], ['/empty-stream', 200]])('comes to its end without a body: %s', async (target, status) => {
    const { prelude, body, complete } = await ask(target);
    expect([prelude.statusCode, body.length, complete]).toEqual([status, 0, true]);
  });

  test('carries an upload back', async () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));
    const { stream } = await environment.invoke(eventFor('function-url', { method: 'POST', target: '/echo', body: bytes }));
    expect(stream!.body.equals(bytes)).toBe(true);
  });

  test('is pulled no faster than its reader reads', async () => {
    const entries = environment.log.length;
    const reading = ask('/large', { pause: 1500 });
    await sleep(1000);
    expect(environment.log.slice(entries)).toEqual([]);
    const { body, complete } = await reading;
    expect([body.length, complete]).toEqual([320 * 64 * 1024, true]);
    await expectServed();
    expect(environment.log.slice(entries).join('\n')).toContain('pulled to the end');
  });

  test.each(['/throws', '/fails-at-once'])('that fails before its first byte is answered with 500: %s', async (target) => {
    const { prelude, complete } = await ask(target);
    expect([prelude.statusCode, complete]).toEqual([500, true]);
    await expectServed();
  });

  test('that fails midway ends broken', async () => {
    const { body, trailers } = await ask('/fails-midway');
    expect(body.toString()).toBe('half');
    expect(trailers['lambda-runtime-function-error-type']).toBeTruthy();
    await expectServed();
  });

  test('whose connection is lost is cancelled, and the request\'s signal aborts', async () => {
    const entries = environment.log.length;
    await ask('/endless', { leaves: true });
    await sleep(100);
    await expectServed();
    await expectServed();
    const log = environment.log.slice(entries).join('\n');
    expect(log).toContain('the signal aborted');
    expect(log).toContain('the stream was cancelled');
  });
});

test('a process that ends in the middle of a stream is followed by a fresh one', async () => {
  const environment = await Environment.of(process.execPath, bundle, STREAMING);
  try {
    const before = (await environment.invoke(eventFor('function-url', { target: '/ok' }))).stream!.body.toString();
    const { stream } = await environment.invoke(eventFor('function-url', { target: '/exit' }));
    expect(stream?.complete ?? false).toBe(false);
    const after = (await environment.invoke(eventFor('function-url', { target: '/ok' }))).stream!.body.toString();
    expect(after).not.toBe(before);
    expect(environment.log.join('\n')).toContain('the process ended with code 1 before the app had answered');
  } finally {
    environment.close();
  }
}, INSTALLATION_TIME);

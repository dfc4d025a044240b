import { Readable } from 'node:stream';
import { FetchExchange } from '../../../../lambda-runtime/node/apps/fetch-app';
import { payloadV2 } from '../../../../lambda-runtime/node/events/payload-v2';
import { ResponseSink } from '../../../../lambda-runtime/node/http/response-sink';
import { DEFAULT_SETTINGS } from '../../../../lambda-runtime/node/settings/settings';
import { fixture } from '../cases';
import { handlerOf } from '../handler-of';

afterEach(() => jest.restoreAllMocks());

describe('a fetch app that throws', () => {
  test('is answered with 500 and one log entry, and the process emits no unhandledRejection', async () => {
    const listener = jest.fn();
    process.on('unhandledRejection', listener);
    const error = jest.spyOn(console, 'error').mockImplementation();
    try {
      const handler = handlerOf(async (_request: unknown) => {
        throw new Error('out of order');
      });
      expect(await handler(fixture('function-url.json'))).toMatchObject({ statusCode: 500, body: 'Internal Server Error' });
      expect(error.mock.calls).toEqual([[expect.stringMatching(/the app threw; the client gets 500\nError: out of order/)]]);
      expect(listener).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', listener);
    }
  });
});

describe('the body of a Response', () => {
  const respond = (response: () => Response | Promise<Response>) => handlerOf(async (_request: unknown) => response())(fixture('function-url.json'));
  const streamOf = (...chunks: unknown[]) => new ReadableStream({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(chunk));
      controller.close();
    },
  });

  test('is collected from all chunks of a stream', async () => {
    const result = await respond(() => new Response(streamOf(Buffer.from('one λ'), new Uint8Array([0xce]), new Uint8Array([0xbb]))));
    expect(result).toMatchObject({ statusCode: 200, body: 'one λλ', isBase64Encoded: false });
  });

  test('may come from a polyfill, as a Node stream or only as bytes', async () => {
    const polyfilled = (fields: object) => ({ status: 200, statusText: '', headers: new Headers(), bodyUsed: false, arrayBuffer: async () => Buffer.from('bytes'), ...fields });
    expect(await respond(() => polyfilled({ body: Readable.from([Buffer.from('a '), Buffer.from('stream')]) }) as never)).toMatchObject({ body: 'a stream' });
    expect(await respond(() => polyfilled({ body: undefined }) as never)).toMatchObject({ body: 'bytes' });
  });

  test.each([
    ['was already read', async () => {
      const response = new Response('once');
      await response.text();
      return response;
    }, /has been read already; return a new Response/],
    ['is not a stream of bytes', () => new Response(streamOf('text')), /must be a stream of Uint8Array, got string/],
    ['breaks off', () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('broken off')) })), /broken off/],
  ])('that %s fails the request', async (_, response, problem) => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    expect(await respond(response)).toMatchObject({ statusCode: 500, body: 'Internal Server Error' });
    expect(error.mock.calls).toEqual([[expect.stringMatching(problem)]]);
  });
});

test.each([['stops for its reader', false], ['never stops', true]])('a body without an end that %s leaves the timers their turns', async (_, written) => {
  let ends = false;
  const began = Date.now();
  const sink: ResponseSink = {
    streams: true,
    highWaterMark: 0,
    writer: undefined,
    head() {},
    write() {
      process.nextTick(() => sink.writer!.onDrain());
      return written;
    },
    flush() {},
    seal: () => false,
    end() {},
    abort() {},
  };
  const body = new ReadableStream({
    pull(controller) {
      // Without the timer it would never end.
      ends || Date.now() - began > 5000 ? controller.close() : controller.enqueue(new Uint8Array(1));
    },
  });
  const request = payloadV2.parse(fixture('function-url.json'), DEFAULT_SETTINGS);
  setTimeout(() => {
    ends = true;
  }, 20);
  const fail = jest.fn();
  await new FetchExchange(() => new Response(body), request, { event: {} } as never, { sink, fail }).run();
  expect(fail).not.toHaveBeenCalled();
  expect(ends).toBe(true);
});

describe('the head of an object that only looks like a Response', () => {
  const looksLike = (fields: object) => ({ status: 200, statusText: '', headers: new Map(), body: undefined, bodyUsed: false, arrayBuffer: async () => Buffer.from('bytes'), ...fields });
  const EVENTS = ['alb.json', 'alb-single.json', 'function-url.json', 'rest-api.json', 'lattice-v2.json'];

  test.each([
    ['a line break in a header', { headers: new Map([['x-a', 'b\r\nset-cookie: evil=1']]) }, /Invalid character in header content \["x-a"\]/],
    ['a line break in the name of a header', { headers: new Map([['x-a\r\nset-cookie', 'evil=1']]) }, /Header name must be a valid HTTP token/],
    ['a line break in its status text', { statusText: 'OK\r\nset-cookie: evil=1' }, /statusText of a Response must not have a line break/],
    ['a NUL in its status text', { statusText: 'O\0K' }, /statusText of a Response must not have a line break/],
    ['no status that a server could send', { status: 42 }, /status of a Response must be a number from 200 to 599, got 42/],
    ['a status that is no number of its own', { status: NaN }, /status of a Response must be a number from 200 to 599, got NaN/],
  ])('that has %s reaches no door', async (_, fields, problem) => {
    for (const name of EVENTS) {
      const error = jest.spyOn(console, 'error').mockImplementation();
      const result = await handlerOf(async (_request: unknown) => looksLike(fields) as never)(fixture(name));
      expect(result).toMatchObject({ statusCode: 500, body: 'Internal Server Error' });
      expect(JSON.stringify(result)).not.toContain('evil');
      expect(error.mock.calls).toEqual([[expect.stringMatching(problem)]]);
      error.mockRestore();
    }
  });

  test('that lacks a status text or has a number as a header is sent as a Response would be', async () => {
    const result = await handlerOf(async (_request: unknown) => looksLike({ statusText: undefined, headers: new Map([['X-Count', 7]]) }) as never)(fixture('alb.json'));
    expect(result).toMatchObject({ statusCode: 200, statusDescription: '200 OK', multiValueHeaders: { 'x-count': ['7'] } });
  });

  test('of Response.error() reaches no door', async () => {
    jest.spyOn(console, 'error').mockImplementation();
    expect(await handlerOf(async (_request: unknown) => Response.error())(fixture('alb.json'))).toMatchObject({ statusCode: 500 });
  });
});

describe('an exported function with two parameters', () => {
  const ADVICE = /it returned a Response; export an object with it: export default \{ fetch \}; the client gets 500$/;

  test.each<[string, (request: unknown, env: unknown) => unknown]>([
    ['at once', (_request: unknown, _env: unknown) => new Response('made')],
    ['later', async (_request: unknown, _env: unknown) => new Response('made')],
  ])('that returns a Response %s is answered with 500, and the log says what to export', async (_, app) => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    const calls = jest.fn(app);
    const handler = handlerOf((request: unknown, env: unknown) => calls(request, env));
    expect(await handler(fixture('function-url.json'))).toMatchObject({ statusCode: 500, body: 'Internal Server Error' });
    expect(error.mock.calls).toEqual([[expect.stringMatching(ADVICE)]]);
    // A second call would do what a POST does twice.
    expect(calls).toHaveBeenCalledTimes(1);
  });

  test('stays a listener, even if it also returns a Response', async () => {
    const handler = handlerOf(async (_req: unknown, res: any) => {
      res.end('sent');
      return new Response('made');
    });
    expect(await handler(fixture('function-url.json'))).toMatchObject({ statusCode: 200, body: 'sent' });
  });
});

describe('a fetch app', () => {
  test.each(['TRACE', 'CONNECT', 'TRACK'])('gets no %s requests, which a Request cannot be', async (method) => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const app = jest.fn((_request: unknown) => new Response());
    const event = fixture('alb.json');
    const result = await handlerOf((request: unknown) => app(request))({ ...event, httpMethod: method });
    expect(result).toMatchObject({ statusCode: 405, multiValueHeaders: { allow: ['GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'] } });
    expect(app).not.toHaveBeenCalled();
    expect(warn.mock.calls).toEqual([[`[wrapped-web-app] alb ${method} ${event.path}: a fetch app cannot get a ${method} request; the client gets 405`]]);
  });

  test('gets no host that a URL cannot have', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const event = fixture('alb.json');
    event.multiValueHeaders.host = ['1.2.3.256'];
    expect(await handlerOf((_request: unknown) => new Response())(event)).toMatchObject({ statusCode: 400, body: 'Bad Request' });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/the host header must be a host that a URL can have; the client gets 400$/)]]);
  });
});

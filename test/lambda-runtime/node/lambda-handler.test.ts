import { Readable } from 'node:stream';
import { fixture } from './cases';
import { toWebApp } from '../../../lambda-runtime/node/apps/web-app';
import { handlerFor } from '../../../lambda-runtime/node/lambda-handler';
import { Settings } from '../../../lambda-runtime/node/settings/settings';

let logged: jest.SpyInstance;
beforeEach(() => {
  logged = jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

function handlerOf(app: unknown, settings: Partial<Settings> = {}) {
  return handlerFor(async () => (await toWebApp(app))!, { responseStreaming: false, ...settings }, false);
}

describe('an event of a door that the construct did not make', () => {
  const handler = handlerOf((_req: unknown, res: any) => res.end('ok'), { doors: [{ door: 'alb', responseMode: 'buffered' }] });

  test('is answered, and logged once', async () => {
    expect(await handler(fixture('rest-api.json'))).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(await handler(fixture('rest-api.json'))).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(logged.mock.calls).toEqual([[expect.stringContaining('did not make (rest-api)')]]);
  });

  test('is not logged if the construct made the door', async () => {
    await handler(fixture('alb.json'));
    expect(logged).not.toHaveBeenCalled();
  });
});

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

describe('a response that was ended', () => {
  test('keeps its bytes, even if the app changes the buffer afterwards', async () => {
    const result = await handlerOf((_req: unknown, res: any) => {
      const buffer = Buffer.from('as it was');
      res.end(buffer, () => buffer.fill('x'));
      buffer.fill('y');
    })(fixture('function-url.json'));
    expect(result).toMatchObject({ statusCode: 200, body: 'as it was' });
  });
});

describe('text that JSON makes six times as large', () => {
  const text = '\u001f'.repeat(320_000);

  test('is sent as base64 if it then fits the limit of the door', async () => {
    const result = await handlerOf((_req: unknown, res: any) => res.end(text))(fixture('alb.json'));
    expect([result.statusCode, result.isBase64Encoded, Buffer.from(result.body, 'base64').toString()]).toEqual([200, true, text]);
  });

  test('fails if binarySupport is false', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    const result = await handlerOf((_req: unknown, res: any) => res.end(text), { binarySupport: false })(fixture('alb.json'));
    expect(result).toMatchObject({ statusCode: 502, body: expect.stringContaining('an ALB takes 1048576') });
    expect(error).toHaveBeenCalledTimes(1);
  });
});

test('headers that the runtime adds count towards the limit of API Gateway', async () => {
  const error = jest.spyOn(console, 'error').mockImplementation();
  const result = await handlerOf((_req: unknown, res: any) => res.setHeader('x', 'v'.repeat(10_230)).end('untyped'))(fixture('rest-api.json'));
  expect(result).toMatchObject({ statusCode: 502, body: expect.stringContaining('the response has 10268 bytes of headers') });
  expect(error).toHaveBeenCalledTimes(1);
});

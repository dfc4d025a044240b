import { Readable } from 'node:stream';
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

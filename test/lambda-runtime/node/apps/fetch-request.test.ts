import { Readable } from 'node:stream';
import { fixture } from '../cases';
import { handlerOf } from '../handler-of';

/** What an app does with its request; the result is compared with that of Node's own `Request`. */
type Use = (request: Request) => Promise<unknown>;

const BODIES: Readonly<Record<string, string>> = {
  'JSON': '{"name":"a λ and 😀","list":[1,2,null]}',
  'text that is no JSON': 'a=b&c=d',
  'a byte order mark before JSON': '\ufeff{"a":1}',
  'two byte order marks': '\ufeff\ufefftext',
  'half of a surrogate pair': '{"a":"\ud83d"}',
  'U+FFFD itself': '"\ufffd"',
  'nothing': '',
};

const outcome = async (promise: Promise<unknown>) => promise.then((value) => ({ value }), (error) => ({ error: error.name }));

const USES: Readonly<Record<string, Use>> = {
  'text()': (request) => request.text(),
  'json()': (request) => request.json(),
  'arrayBuffer()': async (request) => Buffer.from(await request.arrayBuffer()).toString('hex'),
  'text() twice': async (request) => [await outcome(request.text()), await outcome(request.text()), await outcome(request.json())],
  'json() and then arrayBuffer()': async (request) => [await outcome(request.json()), await outcome(request.arrayBuffer())],
  'text() and json() at once': (request) => Promise.all([outcome(request.text()), outcome(request.json())]),
  'arrayBuffer() and then text()': async (request) => [(await request.arrayBuffer()).byteLength, await outcome(request.text())],
  'what text() leaves': async (request) => {
    const before = [request.bodyUsed, request.body?.locked];
    const reading = request.text();
    const during = [request.bodyUsed, request.body?.locked];
    await reading;
    return [before, during, request.bodyUsed, request.body?.locked, await outcome((async () => request.clone().method)())];
  },
  'text() of a clone and then of itself': async (request) => {
    const clone = request.clone();
    return [await clone.text(), await request.text(), await outcome(request.text())];
  },
  'json() of itself and then of a clone': async (request) => {
    const clone = request.clone();
    return [await outcome(request.json()), await outcome(clone.json()), clone.bodyUsed];
  },
  'text() of a new Request made of it': async (request) => {
    const made = new Request(request, { headers: { 'x-made': 'yes' } });
    return [await made.text(), request.bodyUsed, await outcome(request.text())];
  },
  'new Request after text()': async (request) => [await request.text(), await outcome((async () => new Request(request).method)())],
  'text() while a reader has the stream': async (request) => {
    const reader = request.body?.getReader();
    const result = await outcome(request.text());
    reader?.releaseLock();
    return [result, await outcome(request.text())];
  },
  'text() after a part of the stream was read': async (request) => {
    const reader = request.body?.getReader();
    await reader?.read();
    reader?.releaseLock();
    return outcome(request.text());
  },
  'text() without its request': (request) => outcome(Request.prototype.text.call(request)),
  'a method without a request': async (request) => {
    const { text } = request;
    return outcome((async () => text.call(undefined as never))());
  },
  'names and lengths': async ({ text, json, clone }) => [text, json, clone].map((method) => [method.name, method.length]),
  'keys': async (request) => {
    const keys: string[] = [];
    for (const key in request) {
      keys.push(key);
    }
    return [keys.sort(), Object.keys(request)];
  },
};

async function throughHandler(event: object, use: Use): Promise<unknown> {
  let used: unknown;
  await handlerOf(async (request: unknown) => {
    used = await outcome(use(request as Request));
    return new Response('used');
  })(event);
  return used;
}

const EVENTS: ReadonlyArray<[string, (body: string) => object]> = [
  ['text', (body) => ({ ...fixture('function-url.json'), body, isBase64Encoded: false })],
  ['base64', (body) => ({ ...fixture('function-url.json'), body: Buffer.from(body).toString('base64'), isBase64Encoded: true })],
  ['base64 of VPC Lattice', (body) => ({ ...fixture('lattice-v1.json'), body: Buffer.from(body).toString('base64'), is_base64_encoded: true })],
];

describe.each(EVENTS)('a request whose event has its body as %s', (_, eventOf) => {
  describe.each(Object.entries(BODIES))('with %s', (__, body) => {
    test.each(Object.entries(USES))('behaves as a Request: %s', async (___, use) => {
      const method = { requestContext: { ...fixture('function-url.json').requestContext, http: { ...fixture('function-url.json').requestContext.http, method: 'POST' } }, method: 'POST' };
      const plain = new Request('https://example.com/', { method: 'POST', body: body === '' ? undefined : Buffer.from(body) });
      expect(await throughHandler({ ...eventOf(body), ...method }, use)).toEqual(await outcome(use(plain)));
    });
  });
});

test('an app that changes its event still reads what the client sent', async () => {
  const event = { ...fixture('function-url.json'), body: 'sent', isBase64Encoded: false };
  event.requestContext.http.method = 'POST';
  const result = await handlerOf({
    fetch: async (request: Request, { event: given }: any) => {
      given.body = 'changed';
      return new Response(await request.text());
    },
  })(event);
  expect(result).toMatchObject({ statusCode: 200, body: 'sent' });
});

test('a polyfill whose bodies are streams of Node reads them itself', async () => {
  class Polyfill {
    public readonly headers = new Headers();
    public readonly bodyUsed = false;
    public readonly body: Readable;

    constructor(public readonly url: string, { body }: { body: Buffer }) {
      this.body = Readable.from([body]);
    }

    public async text() {
      return `read by the polyfill: ${(await this.body.toArray()).join('')}`;
    }
  }
  const native = globalThis.Request;
  globalThis.Request = Polyfill as never;
  try {
    jest.resetModules();
    const { requestClass } = jest.requireActual<typeof import('../../../../lambda-runtime/node/apps/fetch-request')>('../../../../lambda-runtime/node/apps/fetch-request');
    const source = { signal: AbortSignal.abort(), bodyText: 'the text of the event' };
    const request = new (requestClass())(source, 'https://example.com/', { method: 'POST', body: Buffer.from('sent') });
    expect(await request.text()).toBe('read by the polyfill: sent');
  } finally {
    globalThis.Request = native;
  }
});

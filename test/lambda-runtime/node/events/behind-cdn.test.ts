import { toWebApp } from '../../../../lambda-runtime/node/apps/web-app';
import { getLambdaEvent } from '../../../../lambda-runtime/node/invocations/get-lambda-event';
import { handlerFor } from '../../../../lambda-runtime/node/lambda-handler';
import { settingsFromEnvironment } from '../../../../lambda-runtime/node/settings/settings';
import { fixture } from '../cases';

const SECRET = 'the-secret-of-the-cdn';

/** A handler whose function has these variables, and the events that its app has seen. */
function behindCdn(secrets?: string, responseMode = 'buffered') {
  const seen: any[] = [];
  const settings = settingsFromEnvironment({
    WRAPPED_WEB_APP_DOORS: JSON.stringify([{ door: 'function-url', behindCdn: true, responseMode }]),
    WRAPPED_WEB_APP_CDN_SECRETS: secrets,
  });
  const handler = handlerFor(async () => (await toWebApp((_req: unknown, res: any) => {
    seen.push(getLambdaEvent());
    res.end('ok');
  }))!, settings, false) as (event: unknown) => Promise<any>;
  return { handler, seen };
}

function event(secret?: string): any {
  const given = fixture('function-url.json');
  return secret === undefined ? given : { ...given, headers: { ...given.headers, 'x-wrapped-web-app-cdn-secret': secret, 'x-wrapped-web-app-viewer-host': 'www.example.com' } };
}

let warn: jest.SpyInstance;
beforeEach(() => {
  warn = jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

test('the event that the app can read is the viewer\'s, without the secret, and the event of the client is left as it was', async () => {
  const { handler, seen } = behindCdn(SECRET);
  const given = event(SECRET);
  const before = JSON.stringify(given);
  expect(await handler(given)).toMatchObject({ statusCode: 200 });
  expect(seen[0].headers.host).toBe('www.example.com');
  expect(JSON.stringify(seen)).not.toContain(SECRET);
  expect(JSON.stringify(given)).toBe(before);
});

test('requests past the CDN are logged once, since anyone can send them', async () => {
  const { handler, seen } = behindCdn(SECRET);
  for (const secret of [undefined, 'x', `${SECRET}x`]) {
    expect(await handler(event(secret))).toMatchObject({ statusCode: 403, body: 'Forbidden' });
  }
  expect(seen).toEqual([]);
  expect(warn.mock.calls).toEqual([[expect.stringContaining('a request came past the CDN, or its secret is not one of the function\'s')]]);
});

test.each([undefined, '', ' '])('a function whose door is behind a CDN does not start with %j as its secrets', (secrets) => {
  expect(() => behindCdn(secrets)).toThrow('WRAPPED_WEB_APP_CDN_SECRETS: must have a secret, since a front door is behind a CDN, and everybody could call it; deploy again');
});

test('a streaming door refuses as well', async () => {
  const heads: any[] = [];
  const sent: string[] = [];
  (globalThis as any).awslambda = {
    streamifyResponse: (handler: Function) => (given: unknown) => handler(given, {
      write(chunk: string | Uint8Array, _encoding?: unknown, callback?: () => void) {
        sent.push(Buffer.from(chunk as string).toString());
        callback && setImmediate(callback);
        return true;
      },
      end: () => undefined,
      on: () => undefined,
    }),
    HttpResponseStream: { from: (stream: unknown, head: unknown) => (heads.push(head), stream) },
  };
  try {
    const { handler } = behindCdn(SECRET, 'streaming');
    await handler(event());
    await handler(event());
    await handler(event(SECRET));
    expect(heads.map(({ statusCode }) => statusCode)).toEqual([403, 403, 200]);
    expect(sent.filter(Boolean)).toEqual(['Forbidden', 'Forbidden', 'ok']);
  } finally {
    delete (globalThis as any).awslambda;
  }
});

test('an app without a CDN does not load node:crypto', () => {
  const load = jest.spyOn(process, 'getBuiltinModule');
  handlerFor(async () => (await toWebApp(() => undefined))!, settingsFromEnvironment({}), false);
  expect(load).not.toHaveBeenCalled();
  behindCdn(SECRET);
  expect(load).toHaveBeenCalledWith('node:crypto');
});

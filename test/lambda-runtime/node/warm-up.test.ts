import { IncomingMessage, ServerResponse } from 'node:http';
import { loadServeModule } from './load-serve-module';
import { toWebApp } from '../../../lambda-runtime/node/apps/web-app';
import { makeLambdaHandler } from '../../../lambda-runtime/node/make-lambda-handler';
import { DoorContract } from '../../../lambda-runtime/node/settings/contract';
import { DEFAULT_SETTINGS } from '../../../lambda-runtime/node/settings/settings';
import { warmUp } from '../../../lambda-runtime/node/warm-up';

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  jest.spyOn(console, 'warn').mockImplementation((line) => warnings.push(line));
});
afterEach(() => jest.restoreAllMocks());

async function warm(app: Listener | { fetch: Function }, door?: DoorContract, milliseconds = 5_000): Promise<void> {
  await warmUp((await toWebApp(app))!, { ...DEFAULT_SETTINGS, doors: door && [door], warmUp: '/health' }, milliseconds);
}

const seen: unknown[] = [];
const healthy: Listener = (req, res) => {
  seen.push([req.method, req.url, req.headers.host, req.headers['x-wrapped-web-app-source'], req.headers['x-forwarded-prefix']]);
  res.end('ok');
};

describe.each([undefined, 'function-url', 'http-api', 'rest-api', 'alb'] as const)('through %s', (kind) => {
  test.each([undefined, '/shop'])('a listener gets one GET request with the source header, mounted at %s', async (mountPrefix) => {
    seen.length = 0;
    await warm(healthy, kind && { door: kind, mountPrefix, responseMode: 'buffered' });
    expect(seen).toEqual([['GET', '/health', 'localhost', 'warm-up', kind && mountPrefix]]);
    expect(warnings).toEqual([]);
  });

  test('a fetch app gets the same request', async () => {
    const urls: unknown[] = [];
    await warm({
      fetch(request: Request) {
        urls.push([request.method, request.url, request.headers.get('x-wrapped-web-app-source')]);
        return new Response('ok');
      },
    }, kind && { door: kind, responseMode: 'streaming' });
    expect(urls).toEqual([['GET', 'https://localhost/health', 'warm-up']]);
    expect(warnings).toEqual([]);
  });
});

test.each<[string, Listener, string]>([
  ['answers with 500', (_, res) => res.writeHead(500).end(), 'the app answered the warm-up request with 500; the start goes on'],
  ['answers with a redirect', (_, res) => res.writeHead(301, { location: '/' }).end(), 'the app answered the warm-up request with 301'],
  ['throws', (_req, _res) => { throw new Error('not ready'); }, 'the warm-up request failed: the app threw\nError: not ready'],
  ['closes the connection', (_, res) => res.destroy(), 'the warm-up request failed: the app closed the connection'],
])('an app that %s is only warned of', async (_, app, warning) => {
  await warm(app);
  expect(warnings).toEqual([expect.stringContaining(`GET /health: ${warning}`)]);
});

test('an app that does not answer is not waited for beyond the init phase', async () => {
  const started = Date.now();
  await warm((_req, _res) => undefined, undefined, 600);
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(warnings[0]).toContain('the warm-up request failed: the app did not answer in the time that the init phase leaves');
});

test('a start that took nearly all of the init phase leaves no time for the request', async () => {
  seen.length = 0;
  await warm(healthy, undefined, 100);
  expect(seen).toEqual([]);
  expect(warnings[0]).toContain('there was no time for the warm-up request');
});

test('the handler of a bundle is there when the request is answered', async () => {
  const { startInInit } = loadServeModule();
  const steps: string[] = [];
  process.env.WRAPPED_WEB_APP_OPTIONS = JSON.stringify({ warmUp: '/health' });
  try {
    const app = toWebApp((_: IncomingMessage, res: ServerResponse) => setTimeout(() => {
      steps.push('answered');
      res.end();
    }, 20)) as Promise<never>;
    await startInInit(app, 'src/app.ts');
    steps.push('started');
  } finally {
    delete process.env.WRAPPED_WEB_APP_OPTIONS;
  }
  expect(steps).toEqual(['answered', 'started']);
  expect(warnings).toEqual([]);
});

test('events of makeLambdaHandler do not wait for a request that hangs', async () => {
  let waiting: ServerResponse | undefined;
  const handler = makeLambdaHandler((req: IncomingMessage, res: ServerResponse) => {
    if (req.headers['x-wrapped-web-app-source'] === 'warm-up') {
      waiting = res;
    } else {
      res.end('hello');
    }
  }, { warmUp: '/health' });
  const event = { version: '2.0', rawPath: '/', headers: {}, requestContext: { http: { method: 'GET', path: '/' } } };
  await expect(handler(event)).resolves.toMatchObject({ statusCode: 200, body: 'hello' });
  waiting!.end();
});

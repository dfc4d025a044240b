/** Work after the answer, on AWS's runtime client. The Runtime API stops the process when Lambda would freeze it. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { eventFor } from './behaviours/doors';
import { bundlesOf } from './bundles';
import { Environment } from './runtime-client/environment';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const APPS = join(__dirname, 'runtime-client/apps');
const LISTENER = join(APPS, 'background.cjs');
const FETCH = join(APPS, 'background-fetch.mjs');

const bundles = bundlesOf([LISTENER, FETCH]);

const EXTENSION = { WRAPPED_WEB_APP_OPTIONS: '{"backgroundWork":true}' };
const BEHIND_CDN = {
  WRAPPED_WEB_APP_DOORS: '[{"door":"function-url","responseMode":"buffered","behindCdn":true}]',
  WRAPPED_WEB_APP_CDN_SECRETS: 'secret',
};
const STREAMING = { WRAPPED_WEB_APP_DOORS: '[{"door":"function-url","responseMode":"streaming"}]' };

interface Request {
  /** When the client had its whole response, in milliseconds. */
  readonly answeredAfter: number;
  readonly body: string;
  readonly requestId: string;
}

class Tried {
  constructor(private readonly environment: Environment) {}

  public async get(path: string, timeLimit?: number): Promise<Request> {
    const began = performance.now();
    const { end, json, stream, requestId } = await this.environment.invoke(eventFor('function-url', { target: path, headers: [['x-wrapped-web-app-cdn-secret', 'secret']] }), timeLimit);
    expect(end).toBe('response');
    return { answeredAfter: performance.now() - began, body: json?.body ?? stream?.body.toString(), requestId };
  }

  /** When the environment was frozen, in milliseconds after the event was taken. */
  public async frozen(): Promise<number> {
    for (let waited = 0; waited < 5_000; waited += 10) {
      if (this.environment.frozenAfter !== undefined) return this.environment.frozenAfter;
      await setTimeout(10);
    }
    throw new Error('the environment is not frozen');
  }

  /** The lines of the log that contain a text. */
  public async logged(text: string): Promise<string[]> {
    return (await this.environment.settledLog()).filter((line) => line.includes(text));
  }

  public get ends(): number {
    return this.environment.ends;
  }
}

async function on(binary: string, app: string, variables: NodeJS.ProcessEnv, action: (tried: Tried) => Promise<void>): Promise<void> {
  const environment = await Environment.of(binary, bundles.get(app)!, variables);
  environment.freezes = variables.AWS_LAMBDA_MAX_CONCURRENCY === undefined;
  const tried = new Tried(environment);
  try {
    // The first request waits for the start.
    await tried.get('/nothing/first').catch(() => undefined);
    await tried.frozen();
    await action(tried);
  } finally {
    environment.close();
  }
}

describe.each(installedNodes())('on AWS\'s runtime client, Node $version', ({ binary }) => {
  test.each([
    ['a listener, buffered with the extension', LISTENER, EXTENSION],
    ['a listener behind a CDN, buffered with the extension', LISTENER, { ...EXTENSION, ...BEHIND_CDN }],
    ['a listener, streamed', LISTENER, STREAMING],
    ['a listener, streamed with the option', LISTENER, { ...EXTENSION, ...STREAMING }],
    ['a fetch app, buffered with the extension', FETCH, EXTENSION],
    ['a fetch app, streamed', FETCH, STREAMING],
  ])('%s: the client has its answer, the work is done, and then the environment is frozen', (_, app, variables) => on(binary, app, variables, async (tried) => {
    const { answeredAfter, body } = await tried.get('/works/mail');
    expect(body).toBe('answered');
    expect(answeredAfter).toBeLessThan(350);
    expect(await tried.logged('mail is done')).toEqual([]);
    // No other request wakes the environment.
    expect(await tried.frozen()).toBeGreaterThan(390);
    expect(await tried.logged('mail is done')).toHaveLength(1);
  }), INSTALLATION_TIME);

  test('a listener, buffered without the extension: the client waits until the work is done, and the log says so once', () => on(binary, LISTENER, {}, async (tried) => {
    expect((await tried.get('/works/mail')).answeredAfter).toBeGreaterThan(390);
    await tried.get('/works/bill');
    expect([...await tried.logged('mail is done'), ...await tried.logged('bill is done')]).toHaveLength(2);
    expect(await tried.logged('clients wait until the work is done')).toEqual([expect.stringContaining('set backgroundWork to true, or stream responses')]);
  }));

  test.each([['with the extension', EXTENSION], ['streamed', STREAMING], ['without the extension', {}]])('work that fails is logged with its request and harms no other, %s', (_, variables) => on(binary, LISTENER, variables, async (tried) => {
    for (const way of ['fails', 'throwsInTimer']) {
      const { requestId, body } = await tried.get(`/${way}/${way}`);
      expect(body).toBe('answered');
      await tried.frozen();
      expect((await tried.logged(way)).join()).toContain(requestId);
      expect((await tried.logged(`${way} is broken`)).length).toBeGreaterThan(0);
      expect((await tried.get('/nothing/x')).body).toBe('answered');
    }
    expect(tried.ends).toBe(0);
  }));

  test.each([['with the extension', EXTENSION], ['streamed', STREAMING]])('work may add work, %s', (_, variables) => on(binary, LISTENER, variables, async (tried) => {
    expect((await tried.get('/adds/mail')).answeredAfter).toBeLessThan(290);
    expect(await tried.frozen()).toBeGreaterThan(290);
    expect(await tried.logged('mail is done')).toHaveLength(1);
  }));

  test.each([['with the extension', EXTENSION], ['streamed', STREAMING]])('work that never ends is given up before the timeout, and the next request is served, %s', (_, variables) => on(binary, LISTENER, variables, async (tried) => {
    const { answeredAfter, requestId } = await tried.get('/never/ends', 1_000);
    expect(answeredAfter).toBeLessThan(700);
    const frozen = await tried.frozen();
    expect([frozen > 700, frozen < 1_000]).toEqual([true, true]);
    expect(await tried.logged('work after the answer has not ended')).toEqual([expect.stringContaining(requestId)]);
    expect((await tried.get('/nothing/x')).body).toBe('answered');
    expect(tried.ends).toBe(0);
  }));

  test('without the extension work that never ends does not keep the client for ever', () => on(binary, LISTENER, {}, async (tried) => {
    expect((await tried.get('/never/ends', 1_000)).answeredAfter).toBeLessThan(1_000);
  }));

  test('waitUntil after the answer says that it is too late', () => on(binary, LISTENER, {}, async (tried) => {
    await tried.get('/late/mail');
    await tried.get('/works/other');
    expect((await tried.logged('waitUntil was called after the answer')).length).toBeGreaterThan(0);
  }));

  test('what is not a promise is an error', () => on(binary, LISTENER, EXTENSION, async (tried) => {
    expect((await tried.get('/forgets/it')).body).toContain('Internal Server Error');
    expect((await tried.logged('must be given a promise, got undefined')).length).toBeGreaterThan(0);
  }));

  test('where several requests share an environment, which is never frozen, nothing waits and nothing is registered', () => on(binary, LISTENER, {
    ...EXTENSION, AWS_LAMBDA_MAX_CONCURRENCY: '8', AWS_LAMBDA_NODEJS_WORKER_COUNT: '1', AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true', UV_THREADPOOL_SIZE: '16',
  }, async (tried) => {
    expect((await tried.get('/nothing/x')).body).toBe('answered');
    expect(await tried.logged('could not be registered')).toEqual([]);
  }));
});

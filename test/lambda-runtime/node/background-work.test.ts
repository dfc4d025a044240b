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
const SHARED = {
  AWS_LAMBDA_MAX_CONCURRENCY: '8', AWS_LAMBDA_NODEJS_WORKER_COUNT: '1', AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true', UV_THREADPOOL_SIZE: '16',
};

/** The time that the function has for work that never ends, in milliseconds. */
const TIME_LIMIT = 1_500;
/** In which the client has the answer, where it does not wait for the work, which takes 600 milliseconds or all of the time limit. */
const ANSWER_MS = 400;

/** How often a request is made until its times count: a busy machine keeps the client from reading its answer. */
const ATTEMPTS = 4;

interface Setup {
  readonly name: string;
  readonly app: string;
  readonly variables: NodeJS.ProcessEnv;
  /** Requested one after the other, in one environment. */
  readonly paths: readonly string[];
}

const FAULTS = ['/fails/fails', '/nothing/next', '/throwsInTimer/throwsInTimer', '/nothing/after'];
const WITH_EXTENSION: Setup = {
  name: 'a listener, buffered with the extension',
  app: LISTENER,
  variables: EXTENSION,
  paths: ['/works/mail', ...FAULTS, '/adds/more', '/never/ends', '/nothing/last', '/forgets/it'],
};
const STREAMED: Setup = {
  name: 'a listener, streamed', app: LISTENER, variables: STREAMING, paths: ['/works/mail', ...FAULTS, '/adds/more', '/never/ends', '/nothing/last'],
};
const WITHOUT: Setup = {
  name: 'a listener, buffered without the extension',
  app: LISTENER,
  variables: {},
  paths: ['/works/mail', '/works/bill', ...FAULTS, '/late/letter', '/works/other', '/never/ends'],
};
const CONCURRENT: Setup = { name: 'several requests at once', app: LISTENER, variables: { ...EXTENSION, ...SHARED }, paths: ['/nothing/x'] };
const IN_TIME: readonly Setup[] = [
  WITH_EXTENSION,
  { name: 'a listener behind a CDN, buffered with the extension', app: LISTENER, variables: { ...EXTENSION, ...BEHIND_CDN }, paths: ['/works/mail'] },
  STREAMED,
  { name: 'a listener, streamed with the option', app: LISTENER, variables: { ...EXTENSION, ...STREAMING }, paths: ['/works/mail'] },
  { name: 'a fetch app, buffered with the extension', app: FETCH, variables: EXTENSION, paths: ['/works/mail'] },
  { name: 'a fetch app, streamed', app: FETCH, variables: STREAMING, paths: ['/works/mail'] },
];

/** A request, with times in milliseconds after the function has taken its event. */
interface Seen {
  readonly requestId: string;
  readonly body: string;
  /** When the client had its whole response. */
  readonly answered: number;
  /** When the environment was frozen. */
  readonly frozen: number;
  /** When its work was done, by its name. */
  readonly done: ReadonlyMap<string, number>;
  readonly log: readonly string[];
}

interface Tried {
  readonly requests: ReadonlyMap<string, Seen>;
  readonly log: readonly string[];
  /** How many processes ended. */
  readonly ends: number;
}

async function frozen(environment: Environment): Promise<number> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    if (environment.frozenAfter !== undefined) return environment.frozenAfter;
    await setTimeout(10);
  }
  throw new Error('the environment is not frozen');
}

async function see(environment: Environment, path: string): Promise<Seen> {
  const logged = environment.log.length;
  const event = eventFor('function-url', { target: path, headers: [['x-wrapped-web-app-cdn-secret', 'secret']] });
  const { end, json, stream, requestId, took } = await environment.invoke(event, path.startsWith('/never') ? TIME_LIMIT : undefined);
  expect([path, end]).toEqual([path, 'response']);
  const frozenAfter = await frozen(environment);
  const log = (await environment.settledLog()).slice(logged);
  const done = log.flatMap((line) => [...line.matchAll(/(\w+) is done at (\d+)/g)]).map(([, name, at]) => [name, Number(at) - environment.takenAt] as const);
  return { requestId, body: json?.body ?? stream?.body.toString(), answered: took, frozen: frozenAfter, done: new Map(done), log };
}

async function seeInTime(environment: Environment, path: string): Promise<Seen> {
  let seen: Seen;
  let attempts = 0;
  do {
    seen = await see(environment, path);
  } while (++attempts < ATTEMPTS && (seen.answered > ANSWER_MS || seen.frozen > TIME_LIMIT));
  return seen;
}

async function start(binary: string, { app, variables }: Setup): Promise<Environment> {
  const environment = await Environment.of(binary, bundles.get(app)!, variables);
  environment.freezes = variables.AWS_LAMBDA_MAX_CONCURRENCY === undefined;
  // The first request waits for the start.
  await see(environment, '/nothing/first');
  return environment;
}

async function tryAll(environment: Environment, setup: Setup): Promise<Tried> {
  const requests = new Map<string, Seen>();
  for (const path of setup.paths) {
    requests.set(path, await (setup === WITHOUT ? see : seeInTime)(environment, path));
  }
  return { requests, log: environment.log, ends: environment.ends };
}

describe.each(installedNodes())('on AWS\'s runtime client, Node $version', ({ binary }) => {
  const environments: Environment[] = [];
  const outcomes = new Map<Setup, Tried>();
  beforeAll(async () => {
    const setups = [...IN_TIME, WITHOUT, CONCURRENT];
    // No start disturbs the times of another.
    await Promise.all(setups.map(async (setup, index) => {
      environments[index] = await start(binary, setup);
    }));
    await Promise.all(setups.map(async (setup, index) => outcomes.set(setup, await tryAll(environments[index], setup))));
  }, INSTALLATION_TIME);
  afterAll(() => environments.forEach((environment) => environment.close()));

  const seen = (setup: Setup, path: string): Seen => outcomes.get(setup)!.requests.get(path)!;
  const logged = (setup: Setup, text: string): string[] => outcomes.get(setup)!.log.filter((line) => line.includes(text));

  test.each(IN_TIME.map((setup) => [setup.name, setup] as const))(
    '%s: the client has its answer, the work is done, and then the environment is frozen', (_, setup) => {
      const { body, answered, done, frozen: frozenAfter, log } = seen(setup, '/works/mail');
      expect(body).toBe('answered');
      expect(answered).toBeLessThan(ANSWER_MS);
      // No other request wakes the environment.
      expect(done.get('mail')).toBeGreaterThan(590);
      expect(frozenAfter + 5).toBeGreaterThan(done.get('mail')!);
      expect(log.filter((line) => line.includes('mail is done'))).toHaveLength(1);
    },
  );

  test('a listener, buffered without the extension: the client waits until the work is done, and the log says so once', () => {
    const { answered, done } = seen(WITHOUT, '/works/mail');
    expect(answered + 5).toBeGreaterThan(done.get('mail')!);
    expect(done.get('mail')).toBeGreaterThan(590);
    expect([...seen(WITHOUT, '/works/bill').done.keys()]).toEqual(['bill']);
    expect(logged(WITHOUT, 'clients wait until the work is done')).toEqual([expect.stringContaining('set backgroundWork to true, or stream responses')]);
  });

  test.each([['with the extension', WITH_EXTENSION], ['streamed', STREAMED], ['without the extension', WITHOUT]])(
    'work that fails is logged with its request and harms no other, %s', (_, setup) => {
      for (const [way, next] of [['fails', '/nothing/next'], ['throwsInTimer', '/nothing/after']]) {
        const { requestId, body } = seen(setup, `/${way}/${way}`);
        expect(body).toBe('answered');
        expect(logged(setup, `${way} is broken`).length).toBeGreaterThan(0);
        expect(logged(setup, way).join()).toContain(requestId);
        expect(seen(setup, next).body).toBe('answered');
      }
      expect(outcomes.get(setup)!.ends).toBe(0);
    },
  );

  test.each([['with the extension', WITH_EXTENSION], ['streamed', STREAMED]])('work may add work, %s', (_, setup) => {
    const { answered, done, frozen: frozenAfter, log } = seen(setup, '/adds/more');
    expect(answered).toBeLessThan(ANSWER_MS);
    expect(done.get('more')).toBeGreaterThan(590);
    expect(frozenAfter + 5).toBeGreaterThan(done.get('more')!);
    expect(log.filter((line) => line.includes('more is done'))).toHaveLength(1);
  });

  test.each([['with the extension', WITH_EXTENSION], ['streamed', STREAMED]])(
    'work that never ends is given up before the timeout, and the next request is served, %s', (_, setup) => {
      const { answered, requestId, frozen: frozenAfter } = seen(setup, '/never/ends');
      expect(answered).toBeLessThan(ANSWER_MS);
      expect([frozenAfter > 1_000, frozenAfter < TIME_LIMIT]).toEqual([true, true]);
      const givenUp = logged(setup, 'work after the answer has not ended');
      expect(givenUp.filter((line) => line.includes(requestId))).toHaveLength(1);
      expect(seen(setup, '/nothing/last').body).toBe('answered');
      expect(outcomes.get(setup)!.ends).toBe(0);
    },
  );

  test('without the extension work that never ends does not keep the client for ever', () => {
    expect(seen(WITHOUT, '/never/ends').answered).toBeLessThan(TIME_LIMIT);
  });

  test('waitUntil after the answer says that it is too late', () => {
    const { requestId } = seen(WITHOUT, '/late/letter');
    expect(logged(WITHOUT, 'waitUntil was called after the answer').join()).toContain(requestId);
  });

  test('what is not a promise is an error', () => {
    expect(seen(WITH_EXTENSION, '/forgets/it').body).toContain('Internal Server Error');
    expect(logged(WITH_EXTENSION, 'must be given a promise, got undefined').length).toBeGreaterThan(0);
  });

  test('where several requests share an environment, which is never frozen, nothing waits and nothing is registered', () => {
    expect(seen(CONCURRENT, '/nothing/x').body).toBe('answered');
    expect(logged(CONCURRENT, 'could not be registered')).toEqual([]);
  });
});

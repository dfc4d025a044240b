/** Several requests in one environment at once, as in Lambda Managed Instances, on AWS's runtime client in that mode. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { eventFor } from './behaviours/doors';
import { bundlesOf } from './bundles';
import { Environment } from './runtime-client/environment';
import { Invocation } from './runtime-client/invocation';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const APP = join(__dirname, 'runtime-client/apps/interleaved.cjs');
const FAULTS = join(__dirname, 'runtime-client/apps/faults.cjs');
const bundles = bundlesOf([APP, FAULTS]);

/** Of those that hang, in milliseconds: they are answered shortly before. */
const TIME_LIMIT = 4_000;
/** Of the others, some of which need 400 ms. */
const MOST_MS = 3_200;
const REQUESTS_A_WAY = 4;

interface Expected {
  readonly buffered: readonly [status: number, body: string];
  /** Where it differs. `broken off`: the client has the head and the first piece of the body. */
  readonly streamed?: 'broken off';
  /** What the one error in the log says. */
  readonly error?: string;
}

/** By the ways of the app, where `?` is the marker of the request. */
const WAYS: Record<string, Expected> = {
  answers: { buffered: [200, '? begins, ? ends'] },
  streams: { buffered: [200, `${Array.from({ length: 10 }, (_, i) => `? ${i}, `).join('')}? ends`] },
  works: { buffered: [200, '?'] },
  worksInVain: { buffered: [200, '?'], error: 'vain ?' },
  hangs: { buffered: [504, 'Gateway Timeout'], error: 'the function timeout is near' },
  beginsAndHangs: { buffered: [504, 'Gateway Timeout'], streamed: 'broken off', error: 'the function timeout is near' },
  throws: { buffered: [500, 'Internal Server Error'], error: 'thrown ?' },
  throwsInTimer: { buffered: [500, 'Internal Server Error'], error: 'thrown ?' },
  throwsInEvent: { buffered: [500, 'Internal Server Error'], error: 'thrown ?' },
  forgetsRejection: { buffered: [500, 'Internal Server Error'], error: 'thrown ?' },
  destroys: { buffered: [502, 'Bad Gateway'], error: 'destroyed ?' },
  beginsAndDestroys: { buffered: [502, 'Bad Gateway'], streamed: 'broken off', error: 'destroyed ?' },
};

interface Request extends Invocation {
  readonly way: string;
  readonly mark: string;
}

type Action<T> = (environment: Environment) => Promise<T>;

async function inEnvironment<T>(binary: string, app: string, variables: NodeJS.ProcessEnv, action: Action<T>): Promise<T> {
  const environment = await Environment.of(binary, bundles.get(app)!, {
    AWS_LAMBDA_MAX_CONCURRENCY: '64', UV_THREADPOOL_SIZE: '64', AWS_LAMBDA_LOG_FORMAT: 'JSON', ...variables,
  });
  try {
    return await action(environment);
  } finally {
    environment.close();
  }
}

function ask(environment: Environment, way: string, mark: string): Promise<Invocation> {
  return environment.invoke(eventFor('function-url', {
    method: 'POST', target: `/${way}/${mark}?mark=${mark}`, headers: [['x-mark', mark], ['cookie', `mark=${mark}`]], body: `body of ${mark}`,
  }), way.toLowerCase().includes('hangs') ? TIME_LIMIT : 30_000);
}

const partsOf = ({ json, stream }: Invocation) => stream === undefined
  ? { head: json, body: json.body as string }
  : { head: stream.prelude, body: stream.body.toString() };

const RUNS = [
  { name: 'buffered, in one thread', streams: false, threads: 1 },
  { name: 'streamed, in one thread', streams: true, threads: 1 },
  { name: 'buffered, in four threads', streams: false, threads: 4 },
  { name: 'streamed, in four threads', streams: true, threads: 4 },
];

interface Outcome {
  readonly requests: readonly Request[];
  /** What was logged meanwhile, and after it. */
  readonly log: readonly any[];
  /** How many threads have answered the warm-up request. */
  readonly warm: number;
  /** How many processes ended. */
  readonly ends: number;
}

function run(binary: string, { streams, threads }: typeof RUNS[number]): Promise<Outcome> {
  const variables = {
    AWS_LAMBDA_NODEJS_WORKER_COUNT: String(threads),
    WRAPPED_WEB_APP_OPTIONS: '{"backgroundWork":true,"warmUp":"/answers"}',
    ...streams && { WRAPPED_WEB_APP_DOORS: '[{"door":"function-url","responseMode":"streaming"}]' },
  };
  return inEnvironment(binary, APP, variables, async (environment) => {
    await ask(environment, 'answers', 'first-0');
    const logged = (await environment.settledLog()).length;
    const requests = await Promise.all(Object.keys(WAYS).flatMap((way) => Array.from({ length: REQUESTS_A_WAY }, async (_, i) => {
      const mark = `${way}-${i}`;
      return { way, mark, ...await ask(environment, way, mark) };
    })));
    const all = (await environment.settledLog()).map((line) => JSON.parse(line));
    const isOfStart = ({ message }: any) => / in warm-up$/.test(message);
    return {
      requests,
      log: all.slice(logged).filter((entry) => !isOfStart(entry)),
      warm: all.filter((entry) => isOfStart(entry) && entry.message.startsWith('close')).length,
      ends: environment.ends,
    };
  });
}

async function ended(environment: Environment): Promise<void> {
  for (let waited = 0; environment.ends === 0 && waited < 5_000; waited += 20) await setTimeout(20);
}

describe.each(installedNodes())('requests that overlap on AWS\'s runtime client, Node $version', ({ binary }) => {
  const outcomes = new Map<string, Outcome>();
  beforeAll(async () => {
    await Promise.all(RUNS.map(async (each) => outcomes.set(each.name, await run(binary, each))));
  }, INSTALLATION_TIME);

  describe.each(RUNS)('$name', ({ name, streams, threads }) => {
    let { requests, log, warm, ends } = {} as Outcome;
    beforeAll(() => {
      ({ requests, log, warm, ends } = outcomes.get(name)!);
    });

    test.each(Object.entries(WAYS))('each that %s has an answer of its own', (way, { buffered: [status, body], streamed }) => {
      for (const request of requests.filter((each) => each.way === way)) {
        const { head, body: got } = partsOf(request);
        if (streams && streamed === 'broken off') {
          expect([request.mark, head.statusCode, got]).toEqual([request.mark, 200, `${request.mark} begins`]);
          expect(Buffer.from(request.stream!.trailers['lambda-runtime-function-error-body']!, 'base64').toString()).toContain(`/${request.mark}:`);
        } else {
          expect([request.mark, head.statusCode, got]).toEqual([request.mark, status, body.replace(/\?/g, request.mark)]);
        }
        if (head.statusCode !== 200) continue;
        expect(head.cookies).toEqual([`mark=${request.mark}`]);
        expect(JSON.parse(head.headers['x-seen'])).toMatchObject({
          url: `/${way}/${request.mark}?mark=${request.mark}`,
          cookie: `mark=${request.mark}`,
          body: `body of ${request.mark}`,
          stored: request.mark,
          event: `/${way}/${request.mark}`,
          ids: [request.requestId, request.requestId],
        });
      }
    });

    test('many are answered at once, and none waits for one that hangs', () => {
      for (const { way, took } of requests) {
        expect([way, took > MOST_MS]).toEqual([way, way.toLowerCase().includes('hangs')]);
      }
      const most = Math.max(...requests.map((request) => Number(partsOf(request).head.headers['x-most'] ?? 0)));
      expect(most).toBeGreaterThan(threads === 1 ? 2 : 1);
    });

    test('each line of the log has the id of its own request, also after the answer', () => {
      const idOf = new Map(requests.map(({ mark, requestId }) => [mark, requestId]));
      const mixed = log.filter(({ requestId, message, logger, path, errorMessage }) => {
        // What the app logs, what the runtime does, and what AWS's client does with an error.
        const isOfApp = typeof message === 'string' && logger === undefined;
        const about = isOfApp ? message : logger !== undefined ? `${path} ${errorMessage}` : JSON.stringify({ ...message, stackTrace: '', trace: '' });
        const [, mark] = /\b([a-zA-Z]+-\d+)\b(?!-)/.exec(about) ?? [];
        const named = isOfApp ? / in (.+)$/.exec(message)?.[1] : requestId;
        return requestId !== idOf.get(mark) || named !== requestId;
      });
      expect(mixed).toEqual([]);
      const ofWork = log.filter(({ message }) => String(message).startsWith('work of'));
      expect(ofWork).toHaveLength(REQUESTS_A_WAY);
      const closed = log.filter(({ message }) => String(message).startsWith('close of'));
      expect(closed).toHaveLength(requests.length);
    });

    test('each thread has answered the warm-up request, and none is an extension of Lambda', () => {
      expect(warm).toBe(threads);
      expect(JSON.stringify(log)).not.toContain('extension');
    });

    test('each fault is logged once, with its request', () => {
      const errors = log.filter(({ level }) => level === 'ERROR');
      for (const { way, mark, requestId } of requests) {
        const own = errors.filter((error) => error.requestId === requestId);
        const { error } = WAYS[way];
        expect([mark, own.length]).toEqual([mark, error === undefined ? 0 : 1]);
        if (error !== undefined) expect(JSON.stringify(own[0])).toContain(error.replace('?', mark));
      }
      expect(ends).toBe(0);
    });
  });

  test('onUncaughtException exit ends the whole process, so that no thread is missing, and no request is lost after it', () => inEnvironment(binary, FAULTS, {
    AWS_LAMBDA_NODEJS_WORKER_COUNT: '2', WRAPPED_WEB_APP_OPTIONS: '{"onUncaughtException":"exit"}',
  }, async (environment) => {
    const get = (target: string) => environment.invoke(eventFor('function-url', { target }));
    expect((await get('/ok')).json.statusCode).toBe(200);
    expect((await get('/throw-in-timer')).json.statusCode).toBe(500);
    await ended(environment);
    const after = await Promise.all(Array.from({ length: 8 }, () => get('/ok')));
    expect(after.map(({ json }) => json?.statusCode)).toEqual(Array(8).fill(200));
    expect(environment.ends).toBe(1);
  }), 20_000);

  test('an app that cannot start ends the whole process too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'wrapped-web-app-'));
    const runtime = join(__dirname, '../../../lib/lambda-runtime/node/index.mjs');
    writeFileSync(join(directory, 'index.mjs'), [
      `import { makeLambdaHandler } from ${JSON.stringify(runtime)};`,
      "const app = new Promise((_, reject) => setTimeout(reject, 100, new Error('no database')));",
      'export const handler = makeLambdaHandler(app);',
    ].join('\n'));
    const environment = await Environment.of(binary, { directory, handler: 'index.handler' }, {
      AWS_LAMBDA_MAX_CONCURRENCY: '8', AWS_LAMBDA_NODEJS_WORKER_COUNT: '2',
    });
    const { json } = await environment.invoke(eventFor('function-url'));
    await ended(environment);
    environment.close();
    expect([json?.statusCode, environment.ends]).toEqual([500, 1]);
  }, 20_000);
});

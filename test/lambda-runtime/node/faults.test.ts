import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Door } from './behaviours/behaviour';
import { answerOf, eventFor } from './behaviours/doors';
import { bundlesOf } from './bundles';
import { Environment } from './runtime-client/environment';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const APPS = join(__dirname, 'runtime-client/apps');
const FAULTS = join(APPS, 'faults.cjs');
const OWN_HANDLERS = join(APPS, 'own-handlers.cjs');
const THROWS_AT_LOAD = join(APPS, 'throws-at-load.ts');

const bundles = bundlesOf([FAULTS, OWN_HANDLERS, THROWS_AT_LOAD]);

interface Fault {
  readonly path: string;
  readonly status: number;
  /** What the one entry in the log says. */
  readonly log?: string;
  readonly door?: Door;
  /** The time that the function has, in milliseconds. */
  readonly timeLimit?: number;
  /** Part of what the client is told. */
  readonly body?: string;
  /** The entry belongs to no request. */
  readonly afterwards?: true;
}

const FAULT_LIST: Fault[] = [
  { path: '/sync-throw', status: 500, log: 'thrown at once' },
  { path: '/async-throw', status: 500, log: 'thrown after a while' },
  { path: '/throw-in-timer', status: 500, log: 'thrown in a timer' },
  { path: '/throw-in-tick', status: 500, log: 'thrown in a tick' },
  { path: '/throw-in-end-listener', status: 500, log: 'thrown in a listener' },
  { path: '/throw-after-head', status: 500, log: 'thrown after the head' },
  { path: '/unhandled-rejection', status: 500, log: 'rejected and forgotten' },
  { path: '/rejects-with-nothing', status: 500, log: 'a promise was rejected and nobody handled it' },
  { path: '/throws-odd-value', status: 500, log: 'the app threw' },
  { path: '/error-event', status: 500, log: 'an event without a listener' },
  { path: '/stack-overflow', status: 500, log: 'Maximum call stack' },
  { path: '/never', status: 504, log: 'has not answered', timeLimit: 1000 },
  { path: '/half', status: 504, log: 'has not answered', timeLimit: 1000 },
  { path: '/destroy', status: 502, log: 'closed the connection' },
  { path: '/destroy-with-error', status: 502, log: 'closed the connection' },
  { path: '/destroy-half', status: 502, log: 'closed the connection' },
  { path: '/too-large', status: 502, log: '6291556', body: '6291556' },
  { path: '/megabyte', status: 502, log: '1048576', body: '1048576', door: 'alb' },
  { path: '/large-header', status: 502, log: '10240', body: '10240', door: 'rest-api' },
  { path: '/large-header', status: 502, log: '10240', body: '10240', door: 'http-api' },
  { path: '/invalid-header', status: 500, log: 'Invalid character in header content' },
  { path: '/invalid-status', status: 500, log: 'Invalid status code' },
  { path: '/late-throw', status: 200, log: 'thrown after the answer', body: 'answered', afterwards: true },
  { path: '/late-rejection', status: 200, log: 'rejected after the answer', body: 'answered', afterwards: true },
  { path: '/write-after-end', status: 200, log: 'write after end', body: 'answered', afterwards: true },
];

/** The entries of the JSON log that are errors. */
function errorsIn(log: string[]): any[] {
  return log.map((line) => JSON.parse(line)).filter(({ level }) => level === 'ERROR');
}

function statusAndBody(door: Door, result: any): { status?: number; body: string } {
  const { status, body } = answerOf(door, result);
  return { status, body: Buffer.from(body, 'base64').toString() };
}

describe.each(installedNodes())('on AWS\'s runtime client, Node $version', ({ binary }) => {
  describe('a fault of an app', () => {
    let environment: Environment;
    beforeAll(async () => {
      environment = await Environment.of(binary, bundles.get(FAULTS)!, { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' });
    }, INSTALLATION_TIME);
    afterAll(() => environment.close());

    const ask = async (path: string, door: Door = 'function-url', timeLimit?: number) => {
      const { json, requestId } = await environment.invoke(eventFor(door, { target: path }), timeLimit);
      return { ...statusAndBody(door, json), requestId };
    };

    test.each(FAULT_LIST.map((fault) => [fault.path, fault.door ?? 'function-url', fault.status, fault] as const))(
      '%s behind %s is answered with %d, logged once, and the next request is served', async (path, door, status, fault) => {
        const before = await ask('/ok');
        const logged = environment.log.length;
        const began = Date.now();
        const answer = await ask(path, door, fault.timeLimit);
        expect(answer).toMatchObject({ status, body: expect.stringContaining(fault.body ?? '') });
        if (fault.timeLimit !== undefined) {
          expect(Date.now() - began).toBeGreaterThan(fault.timeLimit * 0.7);
        }
        // What an app left behind runs while the next request does.
        await sleep(fault.afterwards ? 30 : 0);
        expect(await ask('/ok')).toMatchObject({ status: 200, body: before.body });
        await ask('/ok');
        await sleep(10);

        const errors = errorsIn(environment.log.slice(logged));
        expect(errors).toHaveLength(1);
        expect(JSON.stringify(errors[0])).toContain(fault.log);
        if (!fault.afterwards) {
          expect(JSON.stringify(errors[0])).toContain(answer.requestId);
          expect(errors[0].message).toMatchObject({ requestId: answer.requestId, method: 'GET', path });
        }
        expect(environment.ends).toBe(0);
      },
    );
  });

  test('process.exit() is written to the log, and the next request meets a fresh environment', async () => {
    const environment = await Environment.of(binary, bundles.get(FAULTS)!, { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
    try {
      const first = await environment.invoke(eventFor('function-url', { target: '/ok' }));
      for (const [path, code] of [['/exit', 3], ['/exit-later', 0]] as const) {
        const logged = environment.log.length;
        const lost = await environment.invoke(eventFor('function-url', { target: path }));
        expect(lost.end).toBe('lost');
        expect(environment.exitCodes.at(-1)).toBe(code);
        const errors = errorsIn(environment.log.slice(logged));
        expect(errors).toHaveLength(1);
        expect(errors[0]).toMatchObject({ requestId: lost.requestId, path, message: expect.stringContaining(`code ${code}`) });
      }
      const next = await environment.invoke(eventFor('function-url', { target: '/ok' }));
      expect(statusAndBody('function-url', next.json).status).toBe(200);
      expect(next.json.body).not.toBe(first.json.body);
      expect(environment.starts).toBe(3);
    } finally {
      environment.close();
    }
  });

  test('an app that handles exceptions itself is left to decide', async () => {
    const environment = await Environment.of(binary, bundles.get(OWN_HANDLERS)!, { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
    try {
      for (const [index, path] of ['/throws', '/rejects'].entries()) {
        const { json } = await environment.invoke(eventFor('function-url', { target: path }));
        expect(statusAndBody('function-url', json)).toEqual({ status: 503, body: `the app says: ${path}, heard ${index + 1}` });
      }
      expect((await environment.invoke(eventFor('function-url', { target: '/ok' }))).json.statusCode).toBe(200);
      expect(errorsIn(environment.log)).toEqual([]);
      expect(environment.ends).toBe(0);
    } finally {
      environment.close();
    }
  });

  test('onUncaughtException exit answers all that waits, then ends the process', async () => {
    const environment = await Environment.of(binary, bundles.get(FAULTS)!, {
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      WRAPPED_WEB_APP_OPTIONS: JSON.stringify({ onUncaughtException: 'exit' }),
    });
    try {
      expect((await environment.invoke(eventFor('function-url', { target: '/sync-throw' }))).json.statusCode).toBe(500);
      const logged = environment.log.length;
      const fault = await environment.invoke(eventFor('function-url', { target: '/throw-in-timer' }));
      expect(fault.json?.statusCode).toBe(500);
      const next = await environment.invoke(eventFor('function-url', { target: '/ok' }));
      expect(next.json.statusCode).toBe(200);
      expect(environment.ends).toBe(1);
      expect(errorsIn(environment.log.slice(logged))).toHaveLength(1);
    } finally {
      environment.close();
    }
  });

  test('a throw at load shows the user\'s own stack', async () => {
    const environment = await Environment.of(binary, bundles.get(THROWS_AT_LOAD)!);
    try {
      while (environment.ends === 0) {
        await sleep(20);
      }
      expect(environment.api.initErrors[0]).toMatchObject({ errorMessage: 'DATABASE_URL_OF_THE_TEST must be set' });
      const [first, second] = environment.api.initErrors[0].trace.slice(1);
      expect(first).toMatch(/at readSettings \(.*throws-at-load\.ts:8:11\)/);
      expect(second).toMatch(/throws-at-load\.ts:13:18/);
    } finally {
      environment.close();
    }
  });
});

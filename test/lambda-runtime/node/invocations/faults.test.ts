import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { INSTALLATION_TIME, installedNodes } from '../../../toolchain';
import { DOORS, Door } from '../behaviours/behaviour';
import { answerOf, eventFor } from '../behaviours/doors';
import { bundlesOf } from '../bundles';
import { Environment } from '../runtime-client/environment';

const APPS = join(__dirname, '../runtime-client/apps');
const FAULTS = join(APPS, 'faults.cjs');
const OWN_HANDLERS = join(APPS, 'own-handlers.cjs');
const THROWS_AT_LOAD = join(APPS, 'throws-at-load.ts');

const bundles = bundlesOf([FAULTS, OWN_HANDLERS, THROWS_AT_LOAD]);

interface Fault {
  readonly name: string;
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
  { name: 'the listener throws', path: '/sync-throw', status: 500, log: 'thrown at once' },
  { name: 'an async listener rejects', path: '/async-throw', status: 500, log: 'thrown after a while' },
  { name: 'a timer throws', path: '/throw-in-timer', status: 500, log: 'thrown in a timer' },
  { name: '`process.nextTick` throws', path: '/throw-in-tick', status: 500, log: 'thrown in a tick' },
  { name: 'a listener of the request\'s `end` throws', path: '/throw-in-end-listener', status: 500, log: 'thrown in a listener' },
  { name: 'the listener throws after it wrote a part', path: '/throw-after-head', status: 500, log: 'thrown after the head' },
  { name: 'a promise is rejected and forgotten', path: '/unhandled-rejection', status: 500, log: 'rejected and forgotten' },
  { name: 'a promise is rejected with nothing', path: '/rejects-with-nothing', status: 500, log: 'a promise was rejected and nobody handled it' },
  { name: 'the listener throws what cannot be shown as text', path: '/throws-odd-value', status: 500, log: 'the app threw' },
  { name: 'an `error` event has no listener', path: '/error-event', status: 500, log: 'an event without a listener' },
  { name: 'the stack overflows', path: '/stack-overflow', status: 500, log: 'Maximum call stack' },
  { name: 'no answer ever comes', path: '/never', status: 504, log: 'has not answered', timeLimit: 500 },
  { name: 'an answer begins and never ends', path: '/half', status: 504, log: 'has not answered', timeLimit: 500 },
  { name: '`res.destroy()`', path: '/destroy', status: 502, log: 'closed the connection' },
  { name: '`res.destroy(error)`', path: '/destroy-with-error', status: 502, log: 'the app gave up' },
  { name: '`res.destroy()` after a part', path: '/destroy-half', status: 502, log: 'closed the connection' },
  { name: 'a body beyond Lambda\'s limit', path: '/too-large', status: 502, log: '6291556', body: '6291556', door: 'function-url' },
  { name: 'a body beyond a load balancer\'s limit', path: '/megabyte', status: 502, log: '1048576', body: '1048576', door: 'alb' },
  { name: 'headers beyond the limit of a REST API', path: '/large-header', status: 502, log: '10240', body: '10240', door: 'rest-api' },
  { name: 'headers beyond the limit of an HTTP API', path: '/large-header', status: 502, log: '10240', body: '10240', door: 'http-api' },
  { name: 'an invalid header', path: '/invalid-header', status: 500, log: 'Invalid character in header content' },
  { name: 'an invalid status', path: '/invalid-status', status: 500, log: 'Invalid status code' },
  { name: 'a timer throws after the answer', path: '/late-throw', status: 200, log: 'thrown after the answer', body: 'answered', afterwards: true },
  { name: 'a promise is rejected after the answer', path: '/late-rejection', status: 200, log: 'rejected after the answer', body: 'answered', afterwards: true },
  { name: 'a listener of finish throws', path: '/throw-in-finish', status: 200, log: 'thrown in finish', body: 'answered', afterwards: true },
  { name: 'the callback of end throws', path: '/throw-in-end-callback', status: 200, log: 'thrown in the callback of end', body: 'answered', afterwards: true },
  { name: 'a write after the end', path: '/write-after-end', status: 200, log: 'write after end', body: 'answered', afterwards: true },
];

/** The entries of the JSON log that are errors. */
function errorsIn(log: string[]): any[] {
  return log.map((line) => JSON.parse(line)).filter(({ level }) => level === 'ERROR');
}

function statusAndBody(door: Door, result: any): { status?: number; body: string } {
  const { status, body } = answerOf(door, result);
  return { status, body: Buffer.from(body, 'base64').toString() };
}

test('docs/node-runtime-tests.md lists the faults', () => {
  const rows = FAULT_LIST.map(({ name, status, door, afterwards }) => `| ${name} | ${door ?? 'any'} | ${status}${afterwards ? ', the app\'s own answer' : ''} |`);
  expect(readFileSync(join(__dirname, '../../../../docs/node-runtime-tests.md'), 'utf8')).toContain(rows.join('\n'));
});

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

    test.each(FAULT_LIST.map((fault) => [fault.name, fault.status, fault] as const))(
      '%s: the client gets %d, the log one entry, and the next request is served', async (_, status, fault) => {
        const { path } = fault;
        for (const door of fault.door === undefined ? DOORS : [fault.door]) {
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

          const errors = errorsIn((await environment.settledLog()).slice(logged));
          expect(errors).toHaveLength(1);
          expect(JSON.stringify(errors[0])).toContain(fault.log);
          if (!fault.afterwards) {
            expect(JSON.stringify(errors[0])).toContain(answer.requestId);
            expect(errors[0]).toMatchObject({ requestId: answer.requestId, method: 'GET', path });
          }
          expect(environment.ends).toBe(0);
        }
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
        const errors = errorsIn((await environment.settledLog()).slice(logged));
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
      expect(errorsIn(await environment.settledLog())).toEqual([]);
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
      expect(errorsIn((await environment.settledLog()).slice(logged))).toHaveLength(1);
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
      expect(environment.initErrors[0]).toMatchObject({ errorMessage: 'DATABASE_URL_OF_THE_TEST must be set' });
      const [first, second] = environment.initErrors[0].trace.slice(1);
      expect(first).toMatch(/at readSettings \(.*throws-at-load\.ts:8:11\)/);
      expect(second).toMatch(/throws-at-load\.ts:13:18/);
    } finally {
      environment.close();
    }
  });
});

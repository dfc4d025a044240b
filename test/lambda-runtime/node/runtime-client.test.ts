import { join } from 'node:path';
import { APP_KINDS, entryOf, requestsOf } from './app-kinds/kinds';
import { plainAnswers } from './app-kinds/plain-app';
import { Answer, DOORS } from './behaviours/behaviour';
import { answerOf, eventFor } from './behaviours/doors';
import { compared } from './behaviours/exceptions';
import { bundlesOf } from './bundles';
import { Environment, TRACE_ID } from './runtime-client/environment';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const APPS = join(__dirname, 'runtime-client/apps');
const LOGS = join(APPS, 'logs.cjs');
const QUEUE = join(APPS, 'queue.cjs');
const EXPRESS = APP_KINDS.find(({ file }) => file === 'express5.mjs')!;

const bundles = bundlesOf([entryOf(EXPRESS), LOGS, QUEUE]);

async function on<T>(environment: Promise<Environment>, action: (environment: Environment) => Promise<T>): Promise<T> {
  const started = await environment;
  try {
    return await action(started);
  } finally {
    started.close();
  }
}

describe.each(installedNodes())('on AWS\'s runtime client, Node $version', ({ binary }) => {
  let plain: Answer[];
  beforeAll(async () => {
    plain = await plainAnswers(EXPRESS);
  }, INSTALLATION_TIME);

  test('an Express app answers through all doors as on a plain server', () => on(Environment.of(binary, bundles.get(entryOf(EXPRESS))!), async (environment) => {
    for (const door of DOORS) {
      for (const [index, request] of requestsOf(EXPRESS).entries()) {
        const { end, json } = await environment.invoke(eventFor(door, request));
        expect(end).toBe('response');
        const way = { door, streaming: false };
        const outcome = { notes: [], answer: answerOf(door, json) };
        const { expected, actual } = compared('', request.method ?? 'GET', way, { notes: [], answer: plain[index] }, outcome);
        expect({ request, door, ...actual.answer }).toEqual({ request, door, ...expected.answer });
      }
    }
    expect(environment.ends).toBe(0);
  }));

  const SECRET = eventFor('function-url', {
    method: 'POST',
    target: '/secret/path?token=hidden-query',
    headers: [['authorization', 'hidden-header'], ['cookie', 'session=hidden-cookie']],
    body: 'hidden-body',
  });

  test('the log in JSON has one entry for each fault, and nothing that a client sent but method and path', () => on(
    Environment.of(binary, bundles.get(LOGS)!, { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' }), async (environment) => {
      const { requestId } = await environment.invoke(SECRET);
      await environment.invoke(eventFor('function-url'));
      // The console writes to one stream, the runtime to the other.
      const entries = (await environment.settledLog()).map((line) => JSON.parse(line))
        .sort((one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp));
      expect(entries.map(({ level }) => level)).toEqual(['INFO', 'ERROR', 'INFO']);
      expect(entries[1]).toMatchObject({
        requestId, traceId: TRACE_ID, door: 'function-url', method: 'POST', path: '/secret/path', status: 500, errorType: 'Error', errorMessage: 'it failed',
      });
      expect(entries[1].message).toBe('the app threw; the client gets 500');
      expect(entries[1].stackTrace[1]).toMatch(/logs\.cjs:5:11/);
      expect((await environment.settledLog()).join('')).not.toMatch(/hidden/);
    },
  ));

  test('the log in plain text has one entry for each fault, with the request id', () => on(
    Environment.of(binary, bundles.get(LOGS)!), async (environment) => {
      const { requestId } = await environment.invoke(SECRET);
      await environment.invoke(eventFor('function-url'));
      const faults = (await environment.settledLog()).filter((line) => line.includes('\tERROR\t'));
      expect(faults).toHaveLength(1);
      expect(faults[0]).toContain(`[wrapped-web-app] RequestId: ${requestId} function-url POST /secret/path: the app threw; the client gets 500`);
      expect((await environment.settledLog()).join('')).not.toMatch(/hidden/);
    },
  ));

  test('the log leaves out what the function\'s level leaves out', () => on(
    Environment.of(binary, bundles.get(LOGS)!, { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'FATAL' }), async (environment) => {
      expect((await environment.invoke(SECRET)).json.statusCode).toBe(500);
      await environment.invoke(eventFor('function-url'));
      expect(await environment.settledLog()).toEqual([]);
    },
  ));

  describe('an event that is not HTTP', () => {
    const QUEUE_EVENT = { Records: [{ messageId: 'm1', body: 'good', eventSource: 'aws:sqs' }, { messageId: 'm2', body: 'bad', eventSource: 'aws:sqs' }] };
    const OPTIONS = { AWS_LAMBDA_LOG_FORMAT: 'JSON', WRAPPED_WEB_APP_OPTIONS: JSON.stringify({ eventPath: '/events' }) };

    test('goes to the app at eventPath, whose JSON is the result', () => on(Environment.of(binary, bundles.get(QUEUE)!, OPTIONS), async (environment) => {
      expect(await environment.invoke(QUEUE_EVENT)).toMatchObject({ end: 'response', json: { batchItemFailures: [{ itemIdentifier: 'm2' }] } });
      expect(await environment.invoke({ 'source': 'aws.events', 'detail-type': 'Scheduled Event' })).toMatchObject({ end: 'response', json: { batchItemFailures: [] } });
    }));

    test('fails the invocation where the app answers with another status or fails', () => on(Environment.of(binary, bundles.get(QUEUE)!, OPTIONS), async (environment) => {
      expect(await environment.invoke({ refuse: true })).toMatchObject({ end: 'error', json: { errorMessage: expect.stringContaining('422') } });
      expect(await environment.invoke({ fails: true })).toMatchObject({ end: 'error' });
      expect(await environment.invoke(QUEUE_EVENT)).toMatchObject({ end: 'response' });
      expect(environment.ends).toBe(0);
    }));

    test('cannot be posed as by a client, however it writes the path', () => on(Environment.of(binary, bundles.get(QUEUE)!, OPTIONS), async (environment) => {
      for (const door of DOORS) {
        for (const target of ['/events', '/%65vents', '/events?x=1', '/EVENTS/../events', '/./events', '//events', '/x/..//events', '/%2e/events', '/events#x', '/events/']) {
          const { json } = await environment.invoke(eventFor(door, { method: 'POST', target, body: '{"Records":[]}' }));
          // An app may route what is not the same path to something of its own; the queue's answer must never be it.
          expect([door, target, Buffer.from(json.body, json.isBase64Encoded ? 'base64' : 'utf8').toString()]).not.toEqual([door, target, '{"batchItemFailures":[]}']);
        }
        expect((await environment.invoke(eventFor(door, { method: 'POST', target: '/events', body: '{}' }))).json.statusCode).toBe(404);
        expect((await environment.invoke(eventFor(door, { method: 'POST', target: '/%65vents', body: '{}' }))).json.statusCode).toBe(404);
      }
    }));

    test('fails with the keys that it has, where there is no eventPath', () => on(Environment.of(binary, bundles.get(QUEUE)!), async (environment) => {
      const { end, json } = await environment.invoke(QUEUE_EVENT);
      expect(end).toBe('error');
      expect(json.errorMessage).toContain('the keys Records');
      expect((await environment.invoke(eventFor('function-url'))).json.statusCode).toBe(200);
    }));
  });
});

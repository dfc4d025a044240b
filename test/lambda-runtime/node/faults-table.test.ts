import { IncomingMessage, ServerResponse } from 'node:http';
import { EventSpec, casesOf, eventOf } from './cases';
import { toWebApp } from '../../../lambda-runtime/node/apps/web-app';
import { handlerFor } from '../../../lambda-runtime/node/lambda-handler';
import { DEFAULT_SETTINGS } from '../../../lambda-runtime/node/settings/settings';

/** A row of `faults.json`: see test/fixtures/README.md. */
interface Fault {
  readonly name: string;
  readonly runtime?: 'node' | 'python';
  readonly event: EventSpec;
  readonly doors?: any[];
  readonly timeLimit?: number;
  readonly app: { does: 'write'; length: number } | { does: 'fail'; code: string } | { does: 'never start' };
  readonly expected: { statusCode: number; body: string; log: string };
}

/** An app that nobody stops would end here instead of using up the memory. */
const END = 20_000_000;

const unstopped = jest.fn();

const KINDS: Record<string, (app: Fault['app']) => unknown> = {
  'a listener': (app) => (_req: IncomingMessage, res: ServerResponse) => {
    if (app.does === 'write') {
      const chunk = Buffer.alloc(app.length, 'x');
      for (let i = 0; i < END; i++) {
        res.write(chunk);
      }
      unstopped();
      res.end();
    } else if (app.does === 'fail') {
      throw failure(app.code);
    }
  },
  'a fetch app': (app) => ({
    fetch() {
      if (app.does === 'fail') {
        throw failure(app.code);
      }
      const chunk = Buffer.alloc((app as { length: number }).length, 'x');
      let pulls = 0;
      return new Response(new ReadableStream({
        pull(controller) {
          controller.enqueue(chunk);
          if (++pulls === END) {
            unstopped();
            controller.close();
          }
        },
      }));
    },
  }),
};

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: no luck, open '/var/task/x'`), { code, path: '/var/task/x' });
}

afterEach(() => {
  jest.restoreAllMocks();
  unstopped.mockReset();
});

describe.each(Object.keys(KINDS))('the answer for %s that fails', (kind) => {
  test.each(casesOf<Fault>('faults').map((each) => [each.name, each] as const))('%s', async (_, { event, doors, timeLimit = 10_000, app, expected }) => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    const start = app.does === 'never start'
      ? () => new Promise<never>(() => undefined)
      : async () => (await toWebApp(KINDS[kind](app)))!;
    const handler = handlerFor(start, { ...DEFAULT_SETTINGS, doors }, false);
    const ends = Date.now() + timeLimit;
    const result = await handler(eventOf(event), { awsRequestId: 'id', getRemainingTimeInMillis: () => ends - Date.now() });
    expect([result.statusCode, result.body]).toEqual([expected.statusCode, expect.stringContaining(expected.body)]);
    expect(error.mock.calls).toEqual([[expect.stringContaining(expected.log)]]);
    expect(unstopped).not.toHaveBeenCalled();
  });
});

import { nodeApp, fetchApp } from './apps';
import { hostileEvent } from './hostile-event';
import { Random } from './random';
import { toWebApp } from '../../../../lambda-runtime/node/apps/web-app';
import { handlerFor } from '../../../../lambda-runtime/node/lambda-handler';
import { DOOR_NAMES } from '../../../../lambda-runtime/node/settings/contract';
import { Settings } from '../../../../lambda-runtime/node/settings/settings';

/** The result of a run. */
export interface Summary {
  readonly events: number;
  readonly answers: Record<string, number>;
  /** The errors with which events were refused, by the beginning of their message. */
  readonly refusals: Record<string, number>;
  /** Defects, each with the event that shows it. */
  readonly problems: string[];
  /** Used heap in MB after garbage collection, from the first tenth to the last. */
  readonly heap: number[];
  readonly seconds: number;
}

const BATCH = 64;
/** The maximum time for a batch, in milliseconds. */
const LONGEST = 20_000;

/** The beginnings of the messages of expected errors. */
const REFUSALS = ['the event must be an HTTP event', 'the event was not handled', 'event.body must be a string or null'];

const SETTINGS: Settings[] = [
  { responseStreaming: false },
  {
    responseStreaming: false,
    trustForwardedHost: true,
    binarySupport: false,
    doors: DOOR_NAMES.map((door) => ({ door, mountPrefix: '/app', responseMode: 'buffered' })),
  },
  { responseStreaming: false, eventPath: '/events', nonBinaryContentTypePrefixes: ['text/', 'application/json'] },
];

/** Sends generated events through every format, to apps of both kinds and with all options. */
export async function fuzz(count: number, seed: number, originals: readonly unknown[], progress?: (done: number) => void): Promise<Summary> {
  const began = performance.now();
  const random = new Random(seed);
  const answers: Record<string, number> = {};
  const refusals: Record<string, number> = {};
  const problems: string[] = [];
  const heap: number[] = [];
  let current: unknown;
  const complain = (problem: string, event = current) => {
    const kind = problem.slice(0, 30);
    if (problems.filter((each) => each.startsWith(kind)).length < 2) {
      problems.push(`${problem}: ${JSON.stringify(event).slice(0, 2000)}`);
    }
  };
  // Apps are called synchronously, so `current` is still their event.
  const complaints = () => {
    const event = current;
    return (problem: string) => complain(problem, event);
  };
  const restore = silenceConsole();
  const onUncaught = (error: unknown) => complain(`uncaught: ${error instanceof Error ? error.stack : error}`);
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
  const handlers = SETTINGS.flatMap((settings) => [nodeApp(random, complaints), fetchApp(random, complaints)].map((app) => (
    handlerFor(async () => (await toWebApp(app))!, settings, true)
  )));
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => LONGEST } as never;

  try {
    for (let done = 0; done < count; done += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, count - done) }, async () => {
        const event = hostileEvent(random, originals);
        current = event;
        try {
          const result = await random.pick(handlers)(event, context);
          check(result, (problem) => complain(problem, event));
          const kind = result?.statusCode ?? 'the result of an event';
          answers[kind] = (answers[kind] ?? 0) + 1;
        } catch (error) {
          const { message } = error as Error;
          const kind = REFUSALS.find((each) => String(message).startsWith(each));
          if (kind === undefined) {
            complain(`refused with ${error instanceof Error ? error.stack : error}`, event);
            return;
          }
          refusals[kind] = (refusals[kind] ?? 0) + 1;
        }
      });
      if (!await inTime(Promise.all(batch))) {
        complain('no answer in time');
        break;
      }
      const tenth = Math.floor((done + BATCH) * 10 / count);
      if (tenth > heap.length) {
        (globalThis as { gc?: () => void }).gc?.();
        heap.push(Math.round(process.memoryUsage().heapUsed / 1e5) / 10);
        progress?.(done + BATCH);
      }
    }
  } finally {
    restore();
    process.off('uncaughtException', onUncaught);
    process.off('unhandledRejection', onUncaught);
  }
  return { events: count, answers, refusals, problems, heap, seconds: Math.round((performance.now() - began) / 100) / 10 };
}

/** Checks that every door accepts the result. Results of events that are not HTTP may be anything. */
function check(result: any, complain: (problem: string) => void): void {
  if (result === null || typeof result !== 'object' || result.statusCode === undefined) {
    return;
  }
  if (!Number.isInteger(result.statusCode) || result.statusCode < 100 || result.statusCode > 599) {
    complain(`status ${result.statusCode}`);
  }
  if (typeof result.body !== 'string' || typeof result.isBase64Encoded !== 'boolean' || !result.body.isWellFormed()) {
    complain('a body that is not text');
  }
  for (const values of [...Object.values(result.headers ?? {}), ...Object.values(result.multiValueHeaders ?? {}).flat(), ...result.cookies ?? []]) {
    if (typeof values !== 'string' || /[\r\n\0]/.test(values)) {
      complain(`a header value ${JSON.stringify(values)}`);
    }
  }
  JSON.stringify(result);
}

function inTime(promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), LONGEST);
    promise.then(() => {
      clearTimeout(timer);
      resolve(true);
    }, reject);
  });
}

/** Turns off the log, since the runtime logs every bad event. */
function silenceConsole(): () => void {
  const { error, warn, info } = console;
  console.error = console.warn = console.info = () => undefined;
  return () => Object.assign(console, { error, warn, info });
}

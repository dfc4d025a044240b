import { Witness, fetchApp, nodeApp } from './apps';
import { refusalOfResult } from './check-result';
import { hostileEvent } from './hostile-event';
import { Handler, startPythonRuntime } from './python-runtime';
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
  /** Node: used heap in MB after garbage collection, from the first tenth to the last. Python: the most memory in MB. */
  readonly heap: number[];
  readonly seconds: number;
}

const BATCH = 64;
/** The maximum time for a batch, in milliseconds. */
const LONGEST = 20_000;

/** The beginnings of the messages of expected errors. */
const REFUSALS = [
  'the event must be an HTTP event', 'the event was not handled', 'event.body must be',
  // Python
  'the app answered the event', "the app's response to an event", 'the event is nested too deeply',
];

/** Errors of the apps below, which the log shows with their stack. */
const FAULTS_OF_APPS = /Response must|binarySupport is false|Invalid character in header|Header name must be|Cannot convert|status code: (?:100|700)|the status (?:100|700)/;

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

/**
 * Sends generated events through every format, to apps of both kinds and with all options.
 *
 * @param progress is told how many events are done, and returns whether to stop
 * @param python the root of the repository, to send them through the Python runtime
 */
export async function fuzz(
  count: number, seed: number, originals: readonly unknown[], progress?: (done: number) => boolean, python?: string,
): Promise<Summary> {
  const began = performance.now();
  const random = new Random(seed);
  const answers: Record<string, number> = {};
  const refusals: Record<string, number> = {};
  const problems: string[] = [];
  const heap: number[] = [];
  let events = 0;
  let current: unknown;
  const complain = (problem: string, event = current) => {
    const kind = problem.slice(0, 30);
    if (problems.filter((each) => each.startsWith(kind)).length < 2) {
      problems.push(`${problem}: ${JSON.stringify(event).slice(0, 2000)}`);
    }
  };
  // Apps that have started are called synchronously, so `current` is still their event.
  const complaints = (): Witness => {
    const event = current;
    return { event, complain: (problem: string) => complain(problem, event) };
  };
  const restore = watchConsole((text) => {
    if (/\n\s+at /.test(text) && !FAULTS_OF_APPS.test(text)) {
      complain(`a stack trace in the log: ${text.slice(0, 1500)}`);
    }
  });
  const onUncaught = (error: unknown) => complain(`uncaught: ${error instanceof Error ? error.stack : error}`);
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => LONGEST } as never;
  const pythonRuntime = python === undefined ? undefined : startPythonRuntime(python, SETTINGS, seed, complain);
  const handlers = pythonRuntime?.handlers ?? SETTINGS.flatMap((settings) => (
    [nodeApp(random, settings, complaints), fetchApp(random, settings, complaints)].map((app): Handler => {
      const handler = handlerFor(async () => (await toWebApp(app))!, settings, true);
      return (event) => handler(event, context);
    })
  ));

  try {
    for (const handler of handlers) {
      await handler(structuredClone(originals[0]));
    }
    for (let done = 0; done < count; done += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, count - done) }, async () => {
        const event = hostileEvent(random, originals);
        current = event;
        try {
          const result = await random.pick(handlers)(event);
          const refusal = refusalOfResult(result);
          if (refusal !== undefined) {
            complain(`the door refuses the result: ${refusal}`, event);
          }
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
      }
      events = Math.min(count, done + BATCH);
      if (progress?.(events)) {
        break;
      }
    }
  } finally {
    restore();
    process.off('uncaughtException', onUncaught);
    process.off('unhandledRejection', onUncaught);
  }
  if (pythonRuntime !== undefined) {
    heap.splice(0, heap.length, await pythonRuntime.stop());
  }
  return { events, answers, refusals, problems, heap, seconds: Math.round((performance.now() - began) / 100) / 10 };
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

/** Takes the log, since the runtime logs every bad event. */
function watchConsole(see: (text: string) => void): () => void {
  const { error, warn, info } = console;
  console.error = console.warn = console.info = (...values: unknown[]) => see(values.map((value) => typeof value === 'string' ? value : JSON.stringify(value)).join(' '));
  return () => Object.assign(console, { error, warn, info });
}

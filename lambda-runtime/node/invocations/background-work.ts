import type { Invocation } from './invocation';
import { log } from './log';

/** The time that is left, when work is given up, for Lambda to end the invocation; and the most of it. */
const MARGIN = 0.25;
const MARGIN_MS = 250;

let isTold = false;

/** Settles the invocation of a buffered response, of which the client gets nothing before. */
export function settleBuffered<T>(invocation: Invocation, settle: (result: T) => void, result: T): void {
  if (invocation.work === undefined || invocation.outlivesAnswer) {
    settle(result);
    return;
  }
  if (!isTold) {
    isTold = true;
    log('warn', 'waitUntil: clients wait until the work is done, because the environment is frozen after the answer; set backgroundWork to true, or stream responses',
      invocation.subject);
  }
  void workDone(invocation).then(() => settle(result));
}

/** Settles the invocation of a streamed response, which the client has already. */
export function settleStreamed(invocation: Invocation, settle: () => void): void {
  if (invocation.work === undefined) {
    settle();
    return;
  }
  const { context } = invocation;
  if (context !== undefined) {
    // Otherwise the runtime client of Node 22 and earlier also waits for open connections.
    (context as { callbackWaitsForEmptyEventLoop?: boolean }).callbackWaitsForEmptyEventLoop = false;
  }
  void workDone(invocation).then(settle);
}

/** Resolves when all work is done, or when the function's timeout is near. Then the log says that it goes on, and may never end. */
export function workDone(invocation: Invocation): Promise<void> {
  const remaining = invocation.context?.getRemainingTimeInMillis?.() ?? Infinity;
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      invocation.ended = true;
      resolve();
    };
    // It also keeps the process alive, whose event loop may be empty.
    const timer = remaining === Infinity ? undefined : setTimeout(() => {
      log('error', `work after the answer has not ended, and the function timeout is near (${invocation.work!.size} unfinished); `
        + 'it is frozen, and goes on when the environment gets another request, if it ever does', invocation.subject);
      end();
    }, remaining - Math.min(MARGIN_MS, remaining * MARGIN));
    const check = () => {
      if (invocation.ended) {
        return;
      }
      if (invocation.work!.size === 0) {
        end();
      } else {
        void Promise.all(invocation.work!).then(check);
      }
    };
    check();
  });
}

import { currentInvocation } from './current-invocation';
import { log } from './log';

/**
 * Does work after the answer: the client does not wait for it, and the environment is not frozen until the promise is settled or the
 * function's timeout is near. Without `backgroundWork`, a response that is not streamed is sent only when the work is done.
 *
 * If the work fails, the log has the error with the id of the request. No other request is affected.
 *
 * Experimental.
 *
 * @param work a promise; on a plain server, and outside of a request, nothing waits for it
 */
export function waitUntil(work: PromiseLike<unknown>): void {
  if (typeof work?.then !== 'function') {
    throw new TypeError(`waitUntil: must be given a promise, got ${work === null ? 'null' : typeof work}; call the async function, as in waitUntil(save())`);
  }
  const invocation = currentInvocation.getStore();
  const done = Promise.resolve(work).then(() => undefined, (error) => {
    log('error', 'work after the answer failed', invocation?.subject, error);
  });
  if (invocation === undefined) {
    return;
  }
  if (invocation.ended || (invocation.settled && invocation.work === undefined && !invocation.outlivesAnswer)) {
    log('warn', 'waitUntil was called after the answer: the environment may be frozen before the work is done; call it before the response ends', invocation.subject);
  }
  const pending = invocation.work ??= new Set();
  pending.add(done);
  void done.then(() => pending.delete(done));
}

/** The part of a Worker's execution context that fetch apps use. */
export const executionContext = { waitUntil, passThroughOnException: () => undefined };

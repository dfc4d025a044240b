import { ResponseSink } from '../apps/response-sink';

/** The answer to one invocation: the app writes it through the sink, or the runtime in the app's place. */
export interface Reply {
  readonly sink: ResponseSink;
  /**
   * Answers in the app's place, if that is still possible, and tells the app that its connection is gone.
   * Does nothing once there is an answer.
   *
   * @param reason what the client reads; the log has the rest
   */
  fail(status: number, reason: string): void;
}

/** A plain page for a client whose request failed. */
export function errorHead(status: number) {
  return { status, statusMessage: '', headers: ['content-type', 'text/plain; charset=utf-8'], bodiless: false };
}

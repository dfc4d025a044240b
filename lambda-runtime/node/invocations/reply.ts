import { ResponseSink } from '../http/response-sink';

/** The answer to one invocation: the app writes it through the sink, or the runtime answers in the app's place. */
export interface Reply {
  readonly sink: ResponseSink;
  /**
   * Answers in the app's place if there is no answer yet, writes one log entry about it, and tells the app that its
   * connection is gone. Does nothing once there is an answer.
   *
   * @param problem what the log says; the client gets the status alone
   */
  fail(status: number, problem: string, error?: unknown): void;
}

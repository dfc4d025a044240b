import { ResponseSink } from '../http/response-sink';

/** The answer to one invocation: the app writes it to the sink, or the runtime answers instead of the app. */
export interface Reply {
  readonly sink: ResponseSink;
  /**
   * Answers instead of the app, writes one log entry, and closes the app's connection. Does nothing if the invocation is
   * already answered.
   *
   * @param problem the text of the log entry; the client gets only the status
   */
  fail(status: number, problem: string, error?: unknown): void;
}

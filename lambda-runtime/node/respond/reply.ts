import { STATUS_CODES } from 'node:http';
import { ResponseSink } from '../apps/response-sink';
import { WebResponse } from '../web-response';

/** The answer to one invocation: the app writes it through the sink, or the runtime in the app's place. */
export interface Reply {
  readonly sink: ResponseSink;
  /**
   * Answers in the app's place, if that is still possible, writes the one log entry about it, and tells the app that
   * its connection is gone. Does nothing once there is an answer.
   *
   * @param problem what the log says; the client reads no more than the status
   */
  fail(status: number, problem: string, error?: unknown): void;
}

/** A plain page for a client whose request failed. */
export function errorPage(status: number, text = STATUS_CODES[status]!): WebResponse {
  return { status, statusMessage: STATUS_CODES[status]!, headers: ['content-type', 'text/plain; charset=utf-8'], body: text, bodiless: false };
}

import { STATUS_CODES } from 'node:http';
import { ResponseSink } from '../http/response-sink';
import { WebResponse } from '../http/web-response';

/** A plain-text page for a request that failed. */
export function errorPage(method: string, status: number, text = STATUS_CODES[status]!): WebResponse {
  const bodiless = method === 'HEAD';
  const headers = ['content-type', 'text/plain; charset=utf-8'];
  return { status, statusMessage: STATUS_CODES[status]!, headers, body: bodiless ? '' : text, bodiless };
}

/** Sends a response without the app: the name of the status as text, or no body where the status has none. */
export function sendStatus(sink: ResponseSink, status: 204 | 401): void {
  const bodiless = status === 204;
  sink.head(status, STATUS_CODES[status]!, bodiless ? [] : ['content-type', 'text/plain; charset=utf-8'], bodiless);
  if (!bodiless) {
    sink.write(STATUS_CODES[status]!);
  }
  sink.end();
}

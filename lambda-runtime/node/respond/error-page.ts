import { STATUS_CODES } from 'node:http';
import { ResponseSink } from '../http/response-sink';
import { WebResponse } from '../http/web-response';

/** A plain-text page for a request that failed. */
export function errorPage(method: string, status: number, text = status === 426 ? 'WebSockets are not available here' : STATUS_CODES[status]!): WebResponse {
  const bodiless = method === 'HEAD';
  const headers = ['content-type', 'text/plain; charset=utf-8'];
  if (status === 405) {
    // RFC 9110, 15.5.6: only fetch apps refuse methods, and they get all but TRACE and CONNECT.
    headers.push('allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  }
  return { status, statusMessage: STATUS_CODES[status]!, headers, body: bodiless ? '' : text, bodiless };
}

/** The level of a log entry about a request: a client's mistakes are no faults of the app, and should wake nobody up. */
export function levelOf(status: number): 'warn' | 'error' {
  return status < 500 ? 'warn' : 'error';
}

/** Sends a response without the app: the name of the status as text, or no body where the status has none. */
export function sendStatus(sink: ResponseSink, status: 204 | 401 | 403): void {
  const bodiless = status === 204;
  sink.head(status, STATUS_CODES[status]!, bodiless ? [] : ['content-type', 'text/plain; charset=utf-8'], bodiless);
  if (!bodiless) {
    sink.write(STATUS_CODES[status]!);
  }
  sink.end();
}

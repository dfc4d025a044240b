import { STATUS_CODES } from 'node:http';
import { WebResponse } from '../http/web-response';

/** A plain-text page for a request that failed. */
export function errorPage(status: number, text = STATUS_CODES[status]!): WebResponse {
  return { status, statusMessage: STATUS_CODES[status]!, headers: ['content-type', 'text/plain; charset=utf-8'], body: text, bodiless: false };
}

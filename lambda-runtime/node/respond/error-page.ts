import { STATUS_CODES } from 'node:http';
import { WebResponse } from '../http/web-response';

/** A plain-text page for a request that failed. */
export function errorPage(method: string, status: number, text = STATUS_CODES[status]!): WebResponse {
  const bodiless = method === 'HEAD';
  const headers = ['content-type', 'text/plain; charset=utf-8'];
  return { status, statusMessage: STATUS_CODES[status]!, headers, body: bodiless ? '' : text, bodiless };
}

import { EncodedBody, byteLengthOf } from './encode-body';
import { HeaderSummary, ResponseHead } from '../http/web-response';

/**
 * Sets `content-length` to the length of the body, and `content-type` if it is missing: each door would otherwise add a
 * different default (`application/json`, `text/plain`).
 *
 * @param doorSetsLength the door computes `content-length`, so it is not added; if the app set one, it is corrected
 */
export function completeHeaders(response: ResponseHead, summary: HeaderSummary, body: EncodedBody, doorSetsLength: boolean): void {
  const { headers } = response;
  if (response.bodiless) {
    dropForbiddenLength(response, summary);
    return;
  }
  const add = (name: string, value: string) => {
    headers.push(name, value);
    summary.bytes += name.length + value.length;
  };
  if (summary.contentLengthAt >= 0) {
    headers[summary.contentLengthAt] = String(byteLengthOf(body));
  } else if (!doorSetsLength) {
    add('content-length', String(byteLengthOf(body)));
  }
  if (summary.contentType === undefined && body.text !== '') {
    add('content-type', body.isBase64 ? 'application/octet-stream' : 'text/plain; charset=utf-8');
  }
}

/**
 * A 204 must not have `content-length` (RFC 9110, 8.6), and HTTP/2 clients refuse one with a length other than 0. Responses
 * to HEAD and with status 304 keep the length that a GET would have.
 */
export function dropForbiddenLength({ status, headers }: ResponseHead, summary: HeaderSummary): void {
  if (status === 204 && summary.contentLengthAt >= 0) {
    headers.splice(summary.contentLengthAt - 1, 2);
  }
}

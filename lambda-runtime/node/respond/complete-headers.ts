import { EncodedBody } from './encode-body';
import { HeaderSummary, ResponseHead } from '../http/web-response';

/**
 * Settles what a server settles last: the length, which must be that of the body as sent, and the type, which
 * each door would otherwise fill in with a guess of its own (`application/json`, `text/plain`).
 *
 * @param doorSetsLength the door computes `content-length` and renames one that is given: then only the app's own is sent
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
    headers[summary.contentLengthAt] = String(body.length);
  } else if (!doorSetsLength) {
    add('content-length', String(body.length));
  }
  if (summary.contentType === undefined && body.length > 0) {
    add('content-type', body.isBase64 ? 'application/octet-stream' : 'text/plain; charset=utf-8');
  }
}

/**
 * A 204 has no length (RFC 9110, 8.6), and clients of HTTP/2 refuse one whose length is not 0. Responses to HEAD and those
 * with status 304 keep the length that the GET would have.
 */
export function dropForbiddenLength({ status, headers }: ResponseHead, summary: HeaderSummary): void {
  if (status === 204 && summary.contentLengthAt >= 0) {
    headers.splice(summary.contentLengthAt - 1, 2);
  }
}

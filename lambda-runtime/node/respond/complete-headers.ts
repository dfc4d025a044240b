import { EncodedBody } from './encode-body';
import { HeaderSummary, ResponseHead } from '../http/web-response';

/**
 * Settles what a server settles last: the length, which must be that of the body as sent, and the type, which
 * each door would otherwise fill in with a guess of its own (`application/json`, `text/plain`).
 *
 * @param doorSetsLength the door computes `content-length` and renames one that is given: then only the app's own is sent
 */
export function completeHeaders(response: ResponseHead, summary: HeaderSummary, body: EncodedBody, doorSetsLength: boolean): void {
  if (response.bodiless) {
    return;
  }
  const { headers } = response;
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

import { EncodedBody } from '../events/response-body';
import { ResponseHead } from '../web-response';

/**
 * Settles what a server settles last: the length, which must be that of the body as sent, and the type, which
 * each door would otherwise fill in with a guess of its own (`application/json`, `text/plain`).
 *
 * @param doorSetsLength the door computes `content-length` and renames one that is given: then only the app's own is sent
 */
export function completeHeaders(response: ResponseHead, body: EncodedBody, doorSetsLength: boolean): void {
  if (response.bodiless) {
    return;
  }
  const { headers } = response;
  let typed = false;
  let measured = false;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === 'content-type') {
      typed = true;
    } else if (headers[i] === 'content-length') {
      measured = true;
      headers[i + 1] = String(body.length);
    }
  }
  if (!measured && !doorSetsLength) {
    headers.push('content-length', String(body.length));
  }
  if (!typed && body.length > 0) {
    headers.push('content-type', body.isBase64 ? 'application/octet-stream' : 'text/plain; charset=utf-8');
  }
}

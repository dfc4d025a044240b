import { NodeApp } from './node-app';
import { WebRequest } from '../http/web-request';

/**
 * Whether a plain server would open a WebSocket for this request, and not call the app's listener. Without a listener for
 * 'upgrade' it ignores the client's wish, as the runtime does: the app answers.
 *
 * Front doors take off `upgrade`, which is about the connection, and keep the other headers of the handshake.
 *
 * @see https://nodejs.org/api/http.html#event-upgrade_1
 */
export function opensWebSocket({ server }: NodeApp, { method, rawHeaders }: WebRequest): boolean {
  if (server === undefined || method !== 'GET' || server.listenerCount('upgrade') === 0) {
    return false;
  }
  return rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'sec-websocket-key');
}

import * as http from 'node:http';
import { DoorRequest, HeaderList } from '../front-doors/front-door';

/** A door that the inspector's page links to. */
export interface InspectedDoor {
  readonly name: string;
  /** The construct path of the web app behind it. */
  readonly path: string;
  /** With the path at which the door is reached, such as the stage of a REST API. */
  readonly url: string;
}

/** Headers that belong to the first connection. */
const LEFT_OUT = /^(connection|keep-alive|transfer-encoding|expect|content-length)$/i;

/** Finds the door, of several on one server, whose path is the longest that a request's target begins with. */
export function findDoor(doors: readonly InspectedDoor[], serverUrl: string, target: string): InspectedDoor | undefined {
  const { host } = new URL(serverUrl);
  const [path] = target.split('?');
  return doors
    .filter(({ url }) => new URL(url).host === host && withSlash(path).startsWith(withSlash(new URL(url).pathname)))
    .sort((a, b) => b.url.length - a.url.length)[0];
}

/**
 * Sends a request again, byte for byte, and resolves when it is answered. Through another door, the path begins
 * with that door's, and the Host header is that door's unless the client had sent another name than the first door's.
 *
 * @param from the URL of the door that it came through
 * @param to the URL of the door that it goes through
 */
export async function replay(request: DoorRequest, from: string, to: string): Promise<void> {
  const target = new URL(to);
  const { method, headers } = request;
  const sent = headersFor(headers, new URL(from).host, target.host);
  if (request.body.length > 0) sent.push(['Content-Length', String(request.body.length)]);
  await new Promise<void>((resolve, reject) => {
    const options: http.RequestOptions = {
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      agent: false,
      method,
      path: pathThrough(request.target, new URL(from).pathname, target.pathname),
      // As one flat list, so that repeated headers keep their order and case.
      headers: sent.flat() as unknown as http.OutgoingHttpHeaders,
    };
    http.request(options, (response) => response.resume().on('close', resolve)).on('error', reject).end(request.body);
  });
}

function headersFor(headers: HeaderList, fromHost: string, toHost: string): [string, string][] {
  return headers
    .filter(([name]) => !LEFT_OUT.test(name))
    .map(([name, value]) => [name, name.toLowerCase() === 'host' && value === fromHost ? toHost : value]);
}

function pathThrough(target: string, fromPath: string, toPath: string): string {
  const prefix = fromPath.replace(/\/$/, '');
  const path = target.startsWith(prefix) ? target.slice(prefix.length) : target;
  return toPath.replace(/\/$/, '') + (/^[/?]/.test(path) || path === '' ? path || '/' : `/${path}`);
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

import { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';

/**
 * The names under which the servers answer. A page of another site could make its own name resolve to this machine (DNS
 * rebinding): its script would then read what an app answers to the developer. It cannot choose an IP address or `localhost`.
 */
export class Hosts {
  private readonly allowed: ReadonlySet<string>;

  /**
   * @param names more names, for example of a tunnel
   */
  constructor(names: readonly string[] = []) {
    this.allowed = new Set(names.map((name) => name.toLowerCase()));
  }

  /**
   * @param header the Host header: a name or an address, and perhaps a port
   */
  isAllowed(header: string | undefined): boolean {
    const name = nameIn(header);
    // A request without the header is not a browser's.
    if (name === undefined) return true;
    return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || this.allowed.has(name);
  }

  /**
   * Whether a request may use a server of the developer's own tools: it comes from a page of that server, or from no page.
   */
  isOwnPage({ headers }: IncomingMessage): boolean {
    if (headers.host === undefined || !this.isAllowed(headers.host)) return false;
    // Requests by which a page only loads something have no Origin, but browsers say what kind of page it is.
    const site = headers['sec-fetch-site'];
    return (headers.origin === undefined || headers.origin === `http://${headers.host}`)
      && (site === undefined || site === 'same-origin' || site === 'none');
  }
}

/** Answers a request whose Host header is not allowed, and returns the name in it. */
export function refuseHost(request: IncomingMessage, response: ServerResponse): string {
  // It is shown on the terminal, which it must not control.
  const name = (nameIn(request.headers.host) ?? '').replace(/[^a-z0-9._-]/g, '?');
  request.resume();
  response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`'${name}' is not a name of this machine; to allow it, start the command with --allow-host ${name}\n`);
  return name;
}

function nameIn(header: string | undefined): string | undefined {
  return header?.toLowerCase().replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
}

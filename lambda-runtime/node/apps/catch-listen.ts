import { Server } from 'node:http';
import { AddressInfo, Server as NetServer } from 'node:net';

/**
 * The servers that an app starts. Nothing can connect to a port inside Lambda, so no port is opened;
 * to the app the servers look as if they listened.
 */
export interface CaughtServers {
  /** The first server that the app started. */
  readonly first: Promise<Server>;
  /** The started servers by port or path. A second server on the same port or path is ignored: it serves the same app. */
  readonly byAddress: ReadonlyMap<number | string, Server>;
  /** Called when a server starts at another address after the first one was returned. */
  onLate?: (address: number | string) => void;
}

/** Replaces `listen()` of HTTP and HTTPS servers for the rest of the process. Call it before the app is loaded. */
export function catchListen(): CaughtServers {
  const original = NetServer.prototype.listen;
  const byAddress = new Map<number | string, Server>();
  let resolveFirst: (server: Server) => void;
  const first = new Promise<Server>((resolve) => {
    resolveFirst = resolve;
  });
  const listen = function (this: Server, ...parameters: unknown[]): Server {
    if (!('requestTimeout' in this)) {
      // Not an HTTP server: the app really wants to listen.
      return original.apply(this, parameters as never) as Server;
    }
    if (this.listening) {
      throw Object.assign(new Error('Listen method has been called more than once without closing.'), { code: 'ERR_SERVER_ALREADY_LISTEN' });
    }
    const callback = parameters.findLast((parameter) => typeof parameter === 'function') as (() => void) | undefined;
    if (callback !== undefined) {
      this.once('listening', callback);
    }
    const address = addressOf(parameters);
    pretendToListen(this, address);
    const key = typeof address === 'string' ? address : address.port;
    if (!byAddress.has(key)) {
      byAddress.set(key, this);
      caught.onLate?.(key);
    }
    resolveFirst(this);
    process.nextTick(() => this.emit('listening'));
    return this;
  };
  // HTTPS servers inherit this method too. Loading 'node:https' to patch it there would take longer than loading the rest of the runtime.
  NetServer.prototype.listen = listen as NetServer['listen'];
  const caught: CaughtServers = { first, byAddress };
  return caught;
}

/** Reads the arguments of `listen`: https://nodejs.org/api/net.html#serverlisten */
function addressOf([first, second]: unknown[]): AddressInfo | string {
  const options = typeof first === 'object' && first !== null ? first as { port?: unknown; path?: string; host?: string } : undefined;
  const path = options ? options.path : typeof first === 'string' && Number.isNaN(Number(first)) ? first : undefined;
  if (path !== undefined) {
    return path;
  }
  const host = options ? options.host : typeof second === 'string' ? second : undefined;
  const address = host === undefined ? '::' : host === 'localhost' ? '127.0.0.1' : host;
  const port = Number(options ? options.port : typeof first === 'function' ? 0 : first) || 0;
  return { address, family: address.includes(':') ? 'IPv6' : 'IPv4', port: port || 3000 };
}

function pretendToListen(server: Server, address: AddressInfo | string): void {
  const define = (name: string, value: unknown) => Object.defineProperty(server, name, { value, configurable: true, writable: true });
  define('listening', true);
  define('address', () => address);
  define('getConnections', (callback: (error: null, count: number) => void) => {
    process.nextTick(callback, null, 0);
    return server;
  });
  define('close', (callback?: () => void) => {
    if (callback !== undefined) {
      server.once('close', callback);
    }
    define('listening', false);
    process.nextTick(() => server.emit('close'));
    return server;
  });
}

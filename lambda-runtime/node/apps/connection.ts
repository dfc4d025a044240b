import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { Duplex, DuplexOptions } from 'node:stream';
import { WebRequest } from '../http/web-request';

/** The exchange that is told when the connection closes. */
export interface ConnectionOwner {
  /** Whether the client no longer waits for the response. */
  readonly abandoned: boolean;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  connectionClosed(error: Error | null): void;
}

/**
 * Stands in for the socket of `req` and `res`: client address, timeout and `destroy`. No bytes pass through it.
 * Bytes that an app writes directly to the socket are discarded, since a Lambda response cannot carry them.
 */
export class Connection extends Duplex {
  public readonly remoteAddress: string;
  public readonly localAddress = '127.0.0.1';
  public readonly localPort: number;
  public readonly connecting = false;
  public readonly pending = false;
  public readonly bytesRead = 0;
  public readonly bytesWritten = 0;
  public timeout: number | undefined = undefined;
  /** Undefined on plain HTTP, as on a `net.Socket`; true behind TLS, as on a `tls.TLSSocket`. */
  declare public encrypted?: true;
  public server: Server | undefined;
  public parser = null;
  /** The current response, under the name that Node's server uses. */
  public _httpMessage: ServerResponse | null = null;
  public owner: ConnectionOwner | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(request: WebRequest, options: DuplexOptions) {
    super(options);
    this.remoteAddress = request.clientAddress;
    this.localPort = request.scheme === 'https' ? 443 : 80;
    if (request.scheme === 'https') {
      this.encrypted = true;
    }
  }

  public get remoteFamily(): string {
    return isIPv6(this.remoteAddress) ? 'IPv6' : 'IPv4';
  }

  /** Events do not contain the client's port. */
  public get remotePort(): number {
    return 0;
  }

  public get localFamily(): string {
    return 'IPv4';
  }

  public get readyState(): string {
    return this.destroyed ? 'closed' : 'open';
  }

  public address(): object {
    return { address: this.localAddress, family: this.localFamily, port: this.localPort };
  }

  public override _read(): void {
    // Nothing to read: the event contains the whole request.
  }

  public override _write(_chunk: unknown, _encoding: BufferEncoding, callback: () => void): void {
    callback();
  }

  public override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    // Node's server handles socket errors, so they are emitted only if the app listens.
    callback(this.listenerCount('error') > 0 ? error : null);
    // As with a `net.Socket`, 'close' is emitted after the state has changed, and the server sees it first.
    const closed = () => {
      this.owner?.connectionClosed(error);
      this.emit('close', error !== null);
    };
    // Once the invocation is answered, Lambda may freeze the process before the next turn of the event loop.
    this.owner?.abandoned ? process.nextTick(closed) : setImmediate(closed);
  }

  public destroySoon(): void {
    this.end();
    this.destroy();
  }

  public resetAndDestroy(): this {
    return this.destroy();
  }

  public setTimeout(milliseconds: number, callback?: () => void): this {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.timeout = milliseconds;
    if (callback !== undefined) {
      if (milliseconds === 0) {
        this.removeListener('timeout', callback);
      } else {
        this.once('timeout', callback);
      }
    }
    if (milliseconds > 0) {
      this.timer = setTimeout(() => this.timedOut(), milliseconds);
    }
    return this;
  }

  public setNoDelay(): this {
    return this;
  }

  public setKeepAlive(): this {
    return this;
  }

  public ref(): this {
    this.timer?.ref();
    return this;
  }

  public unref(): this {
    this.timer?.unref();
    return this;
  }

  /** Called when bytes were sent: the timeout measures the time without activity. */
  public refreshTimeout(): void {
    this.timer?.refresh();
  }

  /**
   * As in Node's server: if neither request, response nor server has a 'timeout' listener, the connection is destroyed.
   * Listeners on the socket do not count, and are called last.
   */
  private timedOut(): void {
    const { req, res } = this.owner ?? {};
    const handled = [
      req !== undefined && !req.complete && req.emit('timeout', this),
      res !== undefined && res.emit('timeout', this),
      this.server !== undefined && this.server.emit('timeout', this),
    ];
    if (!handled.includes(true)) {
      this.destroy();
    }
    this.emit('timeout');
  }
}

import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { Duplex, DuplexOptions } from 'node:stream';
import { WebRequest } from '../http/web-request';

/** Who waits to hear that the app broke the connection off. */
export interface ConnectionOwner {
  /** Nobody waits for the response any more. */
  readonly abandoned: boolean;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  connectionClosed(): void;
}

/**
 * The socket beneath `req` and `res`: the facts about the client that apps ask a `net.Socket` for, and its way to
 * end and time out. No byte passes through it; what an app writes to the socket itself has no place in a Lambda response.
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
  /** The response that this connection carries, as Node's own server keeps it. */
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

  /** Doors do not tell the client's port. */
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
    // Nothing ever arrives: the request was whole before the app heard of it.
  }

  public override _write(_chunk: unknown, _encoding: BufferEncoding, callback: () => void): void {
    callback();
  }

  public override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    // Node's server listens for errors of its sockets; only an app that listens too is told.
    callback(this.listenerCount('error') > 0 ? error : null);
    // As for a `net.Socket`, the event comes later than the state, and is heard by the server first.
    const closed = () => {
      this.owner?.connectionClosed();
      this.emit('close', error !== null);
    };
    // Where nobody waits any more, the process may be frozen before its loop comes round again.
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

  /** Something was sent: what is called a timeout is a time without that. */
  public active(): void {
    this.timer?.refresh();
  }

  /**
   * As Node's server has it: whoever listens decides, and if nobody does, the connection ends. Listeners of the socket
   * itself do not count, and hear of it last.
   */
  private timedOut(): void {
    const { req, res } = this.owner ?? {};
    const heard = [
      req !== undefined && !req.complete && req.emit('timeout', this),
      res !== undefined && res.emit('timeout', this),
      this.server !== undefined && this.server.emit('timeout', this),
    ];
    if (!heard.includes(true)) {
      this.destroy();
    }
    this.emit('timeout');
  }
}

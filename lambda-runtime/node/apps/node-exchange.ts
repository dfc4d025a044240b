import { ServerResponse } from 'node:http';
import { Connection, ConnectionOwner } from './connection';
import { NodeApp } from './node-app';
import { NEED_DRAIN, RequestInternals, ResponseInternals } from './node-internals';
import { outgoingHeaders } from './outgoing-headers';
import { ResponseSink, ResponseWriter } from '../http/response-sink';
import { WebRequest } from '../http/web-request';
import { ResponseHeaders } from '../http/web-response';
import { ResponseAbandoned } from '../invocations/abandoned';

const EXCHANGE = Symbol('exchange');

/** The chunks that an app may write after its response was given up. Most apps notice it sooner, by what write() returns. */
const MOST_REFUSED = 1000;

/** One request and its response, as Node's server would create them. */
export class NodeExchange implements ConnectionOwner, ResponseWriter {
  /** Headers, status and reason phrase are sent with the first byte of the body or at the end, as in Node. */
  public headers: ResponseHeaders = [];
  public status = 200;
  public statusMessage = '';
  /** The bytes of the body, if the app gave all of it to `end()`: then Node has counted them. */
  public length: number | undefined = undefined;
  public abandoned = false;
  private done = false;
  private detached = false;
  private refused = 0;

  constructor(
    private readonly app: NodeApp,
    public readonly request: WebRequest,
    public readonly req: RequestInternals,
    public readonly res: ResponseInternals,
    public readonly connection: Connection,
    public readonly sink: ResponseSink,
    public readonly uniqueHeaders: ReadonlySet<string> | undefined,
  ) {
    (req as any)[EXCHANGE] = this;
    req._read = read;
    const target = res as any;
    target[EXCHANGE] = this;
    // On the instance, so that they stay if the app changes the prototype.
    target._storeHeader = storeHeader;
    target._send = send;
    target._writeRaw = writeRaw;
    target._finish = finish;
    connection.owner = this;
    connection._httpMessage = res;
    target.socket = connection;
    sink.writer = this;
    // Node's server adds its listener before the app does.
    res.on('finish', finished);
    sink.highWaterMark = connection.writableHighWaterMark;
  }

  /** Calls the app. The caller handles exceptions and rejections, as the process does on a plain server. */
  public run(): unknown {
    const { req, res, app } = this;
    const expect = req.headers.expect;
    const result = expect === undefined ? app.listener(req, res) : this.runExpecting(expect);
    req.complete = true;
    return result;
  }

  /** Called by Node when the app has ended the response, after 'prefinish'. */
  public ended(): void {
    if (!this.sink.streams && !this.connection.destroyed && !this.sink.seal()) {
      // Node has already queued 'finish', so it comes first.
      process.nextTick(complete, this);
    }
  }

  public complete(): void {
    if (this.done) {
      return;
    }
    this.done = true;
    this.detach();
    this.sink.end();
    // Since Node 24 only a full garbage collection frees a connection. Until then it must not keep its request.
    this.connection.owner = undefined;
  }

  /** Separates the response from its connection. */
  public detach(): void {
    if (this.detached) {
      return;
    }
    this.detached = true;
    const { req, res, connection } = this;
    connection.setTimeout(0);
    // Read what the app left unread, as Node's server does. Without listeners it makes no difference.
    if (req._eventsCount > 0 && !req._consuming && !req._readableState.resumeScheduled) {
      req._dump();
    }
    connection._httpMessage = null;
    (res as any).socket = null;
    process.nextTick(emitClose, res);
  }

  /** Called when the connection was closed by the app, by a timeout or because the client no longer waits. */
  public connectionClosed(error: Error | null): void {
    if (this.done) {
      return;
    }
    this.done = true;
    const { req, res } = this;
    if (!req.destroyed || !req.readableEnded) {
      // Without a listener the 'error' event would become an uncaught exception.
      req.listenerCount('error') > 0 ? req.destroy(aborted()) : req.destroy();
    }
    emitClose(res);
    this.sink.abort(error ?? undefined);
  }

  public onDrain(): void {
    const { res } = this;
    if (res[NEED_DRAIN] && !res.finished) {
      res[NEED_DRAIN] = false;
      res.emit('drain');
    }
  }

  /** 'finish' was among the callbacks. Another tick for the result would take longer than most parts of a request. */
  public onFlushed(): void {
    this.complete();
  }

  public onAbandoned(): void {
    this.abandoned = true;
    this.connection.destroy();
  }

  /**
   * Called for each chunk that is written to a connection that was destroyed in the same turn of the event loop. In the
   * next, Node discards them.
   *
   * @throws ResponseAbandoned if the app would otherwise never stop
   */
  public refuse(): void {
    if (this.abandoned && ++this.refused > MOST_REFUSED) {
      this.refused = 0;
      throw new ResponseAbandoned();
    }
  }

  /** Handles `Expect` as Node's server does: https://nodejs.org/api/http.html#event-checkcontinue */
  private runExpecting(expect: string): unknown {
    const { req, res, app } = this;
    if (/(?:^|\W)100-continue(?:$|\W)/i.test(expect)) {
      if (app.server !== undefined && app.server.listenerCount('checkContinue') > 0) {
        return app.server.emit('checkContinue', req, res);
      }
      res.writeContinue();
      return app.listener(req, res);
    }
    if (app.server !== undefined && app.server.listenerCount('checkExpectation') > 0) {
      return app.server.emit('checkExpectation', req, res);
    }
    res.writeHead(417);
    return res.end();
  }
}

function read(this: RequestInternals): void {
  if (!this._consuming) {
    this._readableState.readingMore = false;
    this._consuming = true;
  }
  const exchange: NodeExchange = (this as any)[EXCHANGE];
  const { body } = exchange.request;
  if (body !== undefined) {
    this.push(body);
  }
  this.complete = true;
  this.push(null);
}

/** Replaces Node's method that turns headers into bytes. */
function storeHeader(this: ResponseInternals, statusLine: string, given: unknown): void {
  const exchange: NodeExchange = (this as any)[EXCHANGE];
  exchange.length = this._contentLength ?? undefined;
  exchange.headers = outgoingHeaders(this, given, exchange.uniqueHeaders);
  exchange.status = this.statusCode;
  exchange.statusMessage = this.statusMessage;
  this._header = statusLine;
  this._headerSent = false;
}

/** Replaces Node's method that sends a chunk to the socket. */
function send(this: ResponseInternals, data: string | Uint8Array, encoding?: BufferEncoding | null, callback?: (() => void) | null): boolean {
  const exchange: NodeExchange = (this as any)[EXCHANGE];
  if (exchange.connection.destroyed) {
    exchange.refuse();
    return false;
  }
  const { sink, connection } = exchange;
  connection.refreshTimeout();
  if (!this._headerSent) {
    this._headerSent = true;
    sink.head(exchange.status, exchange.statusMessage, exchange.headers, !this._hasBody, exchange.length);
  }
  if (data.length === 0) {
    sink.flush(callback ?? undefined);
    return true;
  }
  // For the chunk of `end()`, Node's callback is a function of that name that does nothing, and a tick for it would take time.
  // Newer versions have one that emits 'finish'.
  const onFlushed = !callback || (exchange.length !== undefined && callback.name === 'nop') ? undefined : callback;
  if (typeof data !== 'string') {
    return sink.write(data, onFlushed);
  }
  const chunk = encoding && encoding !== 'utf8' && encoding !== 'utf-8' ? Buffer.from(data, encoding) : endsWithHighSurrogate(data) ? data.toWellFormed() : data;
  return sink.write(chunk, onFlushed);
}

/** A lone surrogate must not combine with the next chunk: a socket would encode each chunk separately. */
function endsWithHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

/** Called only for informational responses (100, 102, 103), which no front door can send. */
function writeRaw(this: ResponseInternals, _data: unknown, encoding?: unknown, callback?: unknown): boolean {
  const done = typeof encoding === 'function' ? encoding : callback;
  if (typeof done === 'function') {
    process.nextTick(done as () => void);
  }
  return true;
}

function finish(this: ResponseInternals): void {
  (ServerResponse.prototype as ResponseInternals)._finish.call(this);
  const exchange: NodeExchange = (this as any)[EXCHANGE];
  exchange.ended();
}

function finished(this: ResponseInternals): void {
  const exchange: NodeExchange = (this as any)[EXCHANGE];
  if (exchange.sink.streams) {
    exchange.complete();
  } else {
    exchange.detach();
  }
}

function complete(exchange: NodeExchange): void {
  exchange.complete();
}

function emitClose(res: ResponseInternals): void {
  if (!res._closed) {
    res.destroyed = true;
    res._closed = true;
    res.emit('close');
  }
}

function aborted(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}

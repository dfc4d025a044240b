import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { WebRequest } from '../web-request';
import { ResponseHeaders } from '../web-response';
import { Connection, ConnectionOwner } from './connection';
import { NEED_DRAIN, RequestInternals, ResponseInternals, serverOptions } from './node-internals';
import { outgoingHeaders } from './outgoing-headers';
import { ResponseSink } from './response-sink';

/** An app that takes Node's own messages. */
export interface NodeApp {
  readonly listener: (req: IncomingMessage, res: ServerResponse) => unknown;
  /** The server that an app listens to for other events, such as `checkContinue`. */
  readonly server?: Server;
  /**
   * The prototypes that the app will give its messages. Express sets them on every request, which costs more than all
   * else here, unless the messages have them from the start.
   */
  readonly requestPrototype?: object;
  readonly responsePrototype?: object;
}

/** Prepares an app once, and gives the function that runs it for each request. */
export function nodeListener(app: NodeApp): (request: WebRequest, sink: ResponseSink) => NodeExchange {
  const given = serverOptions(app.server);
  const AppRequest = constructorWith<RequestInternals>(given.IncomingMessage, app.requestPrototype);
  const AppResponse = constructorWith<ResponseInternals>(given.ServerResponse, app.responsePrototype);
  return (request, sink) => {
    const connection = new Connection(request, given);
    connection.server = app.server;
    if (app.server?.timeout) {
      connection.setTimeout(app.server.timeout);
    }
    const req = new AppRequest(connection);
    req.joinDuplicateHeaders = given.joinDuplicateHeaders;
    receive(req, request);
    const res = new AppResponse(req, given);
    return new NodeExchange(app, request, req, res, connection, sink, given.uniqueHeaders);
  };
}

/**
 * A constructor of Node's that gives its objects another prototype, chosen once. Node's are functions of the old kind,
 * which can be applied to any object; `Reflect.construct` would make V8 lay out every object anew.
 */
function constructorWith<T>(base: Function, prototype: object | undefined): new (...parameters: any[]) => T {
  if (prototype === undefined) {
    return base as never;
  }
  const constructor = function (this: any, first: unknown, second: unknown) {
    if (first === undefined) {
      // Never run. V8 gives objects as many slots as it counts assignments in their constructor; Node's constructors
      // make theirs in functions that they call, and Express adds more, so that each object would grow and move many times.
      this.a = this.b = this.c = this.d = this.e = this.f = this.g = this.h = this.i = this.j = this.k = this.l = 0;
      this.a1 = this.b1 = this.c1 = this.d1 = this.e1 = this.f1 = this.g1 = this.h1 = this.i1 = this.j1 = this.k1 = this.l1 = 0;
      this.a2 = this.b2 = this.c2 = this.d2 = this.e2 = this.f2 = this.g2 = this.h2 = this.i2 = this.j2 = this.k2 = this.l2 = 0;
      this.a3 = this.b3 = this.c3 = this.d3 = this.e3 = this.f3 = this.g3 = this.h3 = this.i3 = this.j3 = this.k3 = this.l3 = 0;
    }
    base.call(this, first, second);
  };
  constructor.prototype = prototype;
  return constructor as never;
}

const EXCHANGE = Symbol('exchange');

/** One request and its response, as Node's own server would have made them. */
export class NodeExchange implements ConnectionOwner {
  /** The head waits for the first byte of the body, or for the end, as in Node. */
  public headers: ResponseHeaders = [];
  public status = 200;
  public statusMessage = '';
  public abandoned = false;
  private done = false;
  private detached = false;

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
    // On the instance: an app that sets the prototype of its response keeps these.
    target._storeHeader = storeHeader;
    target._send = send;
    target._writeRaw = writeRaw;
    target._finish = finish;
    connection.owner = this;
    connection._httpMessage = res;
    target.socket = connection;
    sink.onDrain = () => this.drained();
    // Node's server hears of it before any app does.
    res.on('finish', finished);
    sink.highWaterMark = connection.writableHighWaterMark;
    sink.onAbandoned = () => {
      this.abandoned = true;
      connection.destroy();
    };
  }

  /** Calls the app. What it throws or rejects with is the caller's to handle, as it is the process's under a server. */
  public run(): unknown {
    const { req, res, app } = this;
    const expect = req.headers.expect;
    const result = expect === undefined ? app.listener(req, res) : this.runExpecting(expect);
    req.complete = true;
    return result;
  }

  /** Called by Node when the app has ended the response and 'prefinish' is out. */
  public ended(): void {
    if (!this.sink.streams && !this.connection.destroyed) {
      this.sink.seal();
      // 'finish' was put on this queue before.
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
  }

  /** The response and its connection part. */
  public detach(): void {
    if (this.detached) {
      return;
    }
    this.detached = true;
    const { req, res, connection } = this;
    connection.setTimeout(0);
    // Bytes that the app did not read are read for it. Where nobody listens, nobody can tell.
    if (req._eventsCount > 0 && !req._consuming && !req._readableState.resumeScheduled) {
      req._dump();
    }
    connection._httpMessage = null;
    (res as any).socket = null;
    process.nextTick(emitClose, res);
  }

  /** Called once the connection is closed: by the app, by a timeout, or because nobody waits any more. */
  public connectionClosed(): void {
    if (this.done) {
      return;
    }
    this.done = true;
    const { req, res } = this;
    if (!req.destroyed || !req.readableEnded) {
      // Listeners hear of it; where there are none, an error event would be an exception of nobody's.
      req.listenerCount('error') > 0 ? req.destroy(aborted()) : req.destroy();
    }
    emitClose(res);
    this.sink.abort();
  }

  private drained(): void {
    const { res } = this;
    if (res[NEED_DRAIN] && !res.finished) {
      res[NEED_DRAIN] = false;
      res.emit('drain');
    }
  }

  /** What Node's server does with `Expect`: https://nodejs.org/api/http.html#event-checkcontinue */
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

/** Fills a message with what a parser would have read. */
function receive(req: RequestInternals, request: WebRequest): void {
  const raw = request.rawHeaders;
  if (request.mountPrefix !== '') {
    raw.push('x-forwarded-prefix', request.mountPrefix);
  }
  req.httpVersionMajor = 1;
  req.httpVersionMinor = 1;
  req.httpVersion = '1.1';
  req.method = request.method;
  req.url = request.target;
  req.upgrade = false;
  req._addHeaderLines(raw, raw.length);
  const headers: NodeJS.Dict<string> = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (headers[name] === undefined && name !== 'set-cookie') {
      headers[name] = raw[i + 1];
    } else {
      req._addHeaderLine(name, raw[i + 1], headers);
    }
  }
  req.headers = headers;
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

/** Node's step from headers to bytes. */
function storeHeader(this: ResponseInternals, statusLine: string, given: unknown): void {
  const exchange: NodeExchange = (this as any)[EXCHANGE];
  exchange.headers = outgoingHeaders(this, given, exchange.uniqueHeaders);
  exchange.status = this.statusCode;
  exchange.statusMessage = this.statusMessage;
  this._header = statusLine;
  this._headerSent = false;
}

/** Node's step from a chunk to the socket. */
function send(this: ResponseInternals, data: string | Uint8Array, encoding?: BufferEncoding | null, callback?: (() => void) | null): boolean {
  const exchange: NodeExchange = (this as any)[EXCHANGE];
  if (exchange.connection.destroyed) {
    return false;
  }
  const { sink, connection } = exchange;
  connection.active();
  if (!this._headerSent) {
    this._headerSent = true;
    sink.head(exchange.status, exchange.statusMessage, exchange.headers, !this._hasBody);
  }
  if (data.length === 0) {
    sink.flush(callback ?? undefined);
    return true;
  }
  if (typeof data !== 'string') {
    return sink.write(data, callback ?? undefined);
  }
  const chunk = encoding && encoding !== 'utf8' && encoding !== 'utf-8' ? Buffer.from(data, encoding) : endsInHalf(data) ? data.toWellFormed() : data;
  return sink.write(chunk, callback ?? undefined);
}

/** Half a character must not become a whole one with what is written next: on a socket it would not. */
function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

/** Reached only by informational responses (100, 102, 103), which no door can carry. */
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

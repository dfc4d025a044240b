import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isUint8Array } from 'node:util/types';
import { LambdaEvent } from '../events/event-format';
import { hasLineBreak } from '../http/header-text';
import { ResponseSink, ResponseWriter } from '../http/response-sink';
import { WebRequest } from '../http/web-request';
import { ResponseHeaders } from '../http/web-response';
import { LambdaContext } from '../invocations/lambda-context';
import { executionContext } from '../invocations/wait-until';

/** The longest time that a body is read in one turn of the event loop, in milliseconds: a source that never waits would starve all timers. */
const TURN_MS = 5;

/** The second argument of a fetch function; the names are those of Hono's Lambda adapter. */
export interface FetchBindings {
  readonly event: LambdaEvent;
  readonly requestContext: unknown;
  readonly lambdaContext: LambdaContext | undefined;
}

export type Fetch = (request: Request, bindings: FetchBindings, execution: typeof executionContext) => Response | Promise<Response>;

/**
 * Runs one request through an app that takes a `Request` and returns a `Response`. Only this file uses those classes:
 * Node loads them at first use, which takes longer than most apps need to start (see `loadFetchClasses`).
 */
export class FetchExchange implements ResponseWriter {
  private abort: AbortController | undefined;
  private abandoned = false;
  /** Wakes a body that waits for its reader. */
  private resume: (() => void) | undefined;

  constructor(
    private readonly fetch: Fetch,
    private readonly request: WebRequest,
    private readonly bindings: FetchBindings,
    private readonly sink: ResponseSink,
    private readonly refuse: (status: number, problem: string) => void,
  ) {
    sink.writer = this;
  }

  public async run(): Promise<void> {
    const { method } = this.request;
    if (method === 'TRACE' || method === 'CONNECT' || method === 'TRACK') {
      // https://fetch.spec.whatwg.org/#forbidden-method
      this.refuse(405, `a fetch app cannot get a ${method} request`);
      return;
    }
    const request = this.toRequest();
    if (request === undefined) {
      this.refuse(400, 'the host header must be a host that a URL can have');
      return;
    }
    const response = await this.fetch(request, this.bindings, executionContext);
    if (!isResponse(response)) {
      throw new TypeError(`a fetch app must return a Response, got ${response === null ? 'null' : typeof response}; return new Response(...)`);
    }
    await this.send(response);
  }

  public onDrain(): void {
    this.resume?.();
  }

  public onAbandoned(): void {
    this.abandoned = true;
    this.abort?.abort();
    this.resume?.();
  }

  /** Aborts when the client no longer waits for the response. */
  public get signal(): AbortSignal {
    if (this.abort === undefined) {
      this.abort = new AbortController();
      if (this.abandoned) {
        this.abort.abort();
      }
    }
    return this.abort.signal;
  }

  /** Undefined if a URL cannot have the host, although it is one: `1.2.3.256`. */
  private toRequest(): Request | undefined {
    const { method, target, rawHeaders, host, scheme, mountPrefix, body } = this.request;
    const origin = `${scheme}://${host}`;
    if (origin !== lastOrigin) {
      if (!URL.canParse(origin)) {
        return undefined;
      }
      lastOrigin = origin;
    }
    requestClass ??= makeRequestClass();
    const request = new requestClass(this, origin + (target.startsWith('/') ? target : `/${target}`), {
      method,
      body: method === 'GET' || method === 'HEAD' ? undefined : body,
    });
    // The constructor would check and copy the headers twice.
    const { headers } = request;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      headers.append(rawHeaders[i], rawHeaders[i + 1]);
    }
    if (mountPrefix !== '') {
      headers.set('x-forwarded-prefix', mountPrefix);
    }
    return request;
  }

  private async send(response: Response): Promise<void> {
    const headers: ResponseHeaders = [];
    // Iterating yields each cookie separately; `get` would join them.
    response.headers.forEach((value, name) => headers.push(name.toLowerCase(), String(value)));
    checkHead(response, headers);
    const bodiless = this.request.method === 'HEAD' || response.status === 204 || response.status === 304;
    this.sink.head(response.status, response.statusText ?? '', headers, bodiless);
    if (!bodiless && response.body !== null) {
      if (response.bodyUsed) {
        throw new TypeError('the body of the Response has been read already; return a new Response, or read a clone()');
      }
      // Polyfills may have no stream.
      response.body === undefined ? this.sink.write(new Uint8Array(await response.arrayBuffer())) : await this.read(response.body);
    }
    this.sink.end();
  }

  /** Reads chunk by chunk: `arrayBuffer()` would copy the bytes twice. */
  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    // The body of a polyfill may be a Node stream.
    let turnAt = Date.now();
    const chunks = typeof body.getReader === 'function' ? body.getReader() : new IterableReader(body);
    for (;;) {
      const { done, value } = await chunks.read();
      if (done) {
        return;
      }
      if (!isUint8Array(value)) {
        throw new TypeError(`the body of a Response must be a stream of Uint8Array, got ${value === null ? 'null' : typeof value}; encode it first`);
      }
      if (this.abandoned) {
        await chunks.cancel();
        return;
      }
      if (!this.sink.write(value) && this.sink.streams && !this.abandoned) {
        await new Promise<void>((resolve) => {
          this.resume = resolve;
        });
      }
      if (Date.now() - turnAt > TURN_MS) {
        await new Promise(setImmediate);
        turnAt = Date.now();
      }
    }
  }
}

/** Reads an async iterable through the interface of a stream reader. */
class IterableReader {
  private readonly iterator: AsyncIterator<Uint8Array>;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.iterator = body[Symbol.asyncIterator]();
  }

  public read() {
    return this.iterator.next();
  }

  public async cancel() {
    await this.iterator.return?.();
  }
}

/** The last origin that was valid: most requests of an environment have the same host, so it is checked once. */
let lastOrigin: string | undefined;

type RequestClass = new (exchange: FetchExchange, url: string, init: RequestInit) => Request;
let requestClass: RequestClass | undefined;

/**
 * Has Node load `Request`, `Response` and `Headers`, which takes it 30 to 100 ms with Lambda's flags. In the init phase a
 * function has a whole processor, and in an invocation only the part that its memory size gives it.
 */
export function loadFetchClasses(): void {
  void globalThis.Request;
}

/**
 * Makes a subclass of `Request` that creates its signal at first access. Passing a signal to the constructor costs more
 * than the rest of the request, and few apps use it. Called late, since Node loads `Request` at first use.
 */
function makeRequestClass(): RequestClass {
  class SignalledRequest extends Request {
    readonly #exchange: FetchExchange;

    constructor(exchange: FetchExchange, url: string, init: RequestInit) {
      super(url, init);
      this.#exchange = exchange;
    }

    static {
      const described = { configurable: true, enumerable: true };
      Object.defineProperties(this.prototype, {
        signal: {
          ...described,
          get(this: SignalledRequest) {
            return this.#exchange.signal;
          },
        },
        clone: {
          ...described,
          writable: true,
          value(this: SignalledRequest) {
            return Object.defineProperty(Request.prototype.clone.call(this), 'signal', { ...described, get: () => this.signal });
          },
        },
        constructor: { configurable: true, writable: true, value: Request },
      });
    }
  }
  return SignalledRequest;
}

/**
 * An object that only looks like a Response, of a polyfill or of the app's own, may have anything in its head, and a line
 * break would begin a header of its own. `Response.error()` has the status 0.
 *
 * @throws TypeError for a head that no server could send
 */
function checkHead({ status, statusText }: Response, headers: ResponseHeaders): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new TypeError(`the status of a Response must be a number from 200 to 599, got ${status}`);
  }
  if (statusText !== '' && hasLineBreak(String(statusText))) {
    throw new TypeError('the statusText of a Response must not have a line break or NUL in it');
  }
  for (let i = 0; i < headers.length; i += 2) {
    validateHeaderName(headers[i] as string);
    validateHeaderValue(headers[i] as string, headers[i + 1] as string);
  }
}

/** Checks properties instead of using `instanceof`, since apps may use a polyfill or another realm. */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && typeof (value as Response).arrayBuffer === 'function' && typeof (value as Response).status === 'number';
}

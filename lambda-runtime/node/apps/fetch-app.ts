import { isUint8Array } from 'node:util/types';
import { LambdaEvent } from '../events/event-format';
import { HOST } from '../http/host';
import { ResponseSink } from '../http/response-sink';
import { WebRequest } from '../http/web-request';
import { ResponseHeaders } from '../http/web-response';
import { LambdaContext } from '../invocations/lambda-context';

/** What a fetch app finds beside the request, under the names that Hono's users know. */
export interface FetchBindings {
  readonly event: LambdaEvent;
  readonly requestContext: unknown;
  readonly lambdaContext: LambdaContext | undefined;
}

export type Fetch = (request: Request, bindings: FetchBindings) => Response | Promise<Response>;

/**
 * One request through an app that takes a `Request` and returns a `Response`. Only this file touches those classes:
 * Node loads them at their first use, which takes longer than most apps take to start.
 */
export class FetchExchange {
  private abort: AbortController | undefined;
  private abandoned = false;

  constructor(
    private readonly fetch: Fetch,
    private readonly request: WebRequest,
    private readonly bindings: FetchBindings,
    private readonly sink: ResponseSink,
  ) {
    sink.onAbandoned = () => {
      this.abandoned = true;
      this.abort?.abort();
    };
  }

  public async run(): Promise<void> {
    const request = this.toRequest();
    if (request === undefined) {
      this.sink.head(400, 'Bad Request', ['content-type', 'text/plain; charset=utf-8'], this.request.method === 'HEAD');
      this.sink.write('Bad Request: the host header is not a host');
      this.sink.end();
      return;
    }
    const response = await this.fetch(request, this.bindings);
    if (!isResponse(response)) {
      throw new TypeError(`a fetch app must return a Response, got ${response === null ? 'null' : typeof response}; return new Response(…)`);
    }
    await this.send(response);
  }

  /** Aborts when nobody waits for the response any more. */
  public get signal(): AbortSignal {
    if (this.abort === undefined) {
      this.abort = new AbortController();
      if (this.abandoned) {
        this.abort.abort();
      }
    }
    return this.abort.signal;
  }

  /** The client's host is its claim: it makes the URL only where it is a host and nothing else. */
  private toRequest(): Request | undefined {
    const { method, target, rawHeaders, host, scheme, mountPrefix, body } = this.request;
    const origin = `${scheme}://${host}`;
    if (origin !== lastOrigin) {
      if (!HOST.test(host) || !URL.canParse(origin)) {
        return undefined;
      }
      lastOrigin = origin;
    }
    requestClass ??= makeRequestClass();
    const request = new requestClass(this, origin + (target.startsWith('/') ? target : `/${target}`), {
      method,
      body: method === 'GET' || method === 'HEAD' ? undefined : body,
    });
    // Headers that are given to the constructor are checked and copied twice.
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
    // Iterating gives each cookie by itself; `get` would join them.
    response.headers.forEach((value, name) => headers.push(name, value));
    const bodiless = this.request.method === 'HEAD' || response.status === 204 || response.status === 304;
    this.sink.head(response.status, response.statusText, headers, bodiless);
    if (!bodiless && response.body !== null) {
      if (response.bodyUsed) {
        throw new TypeError('the body of the Response has been read already; return a new Response, or read a clone()');
      }
      // Polyfills may have the bytes without a stream.
      response.body === undefined ? this.sink.write(new Uint8Array(await response.arrayBuffer())) : await this.read(response.body);
    }
    this.sink.end();
  }

  /** Chunk by chunk: `arrayBuffer()` would copy them twice. */
  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let resume: (() => void) | undefined;
    this.sink.onDrain = () => resume?.();
    // The body of a polyfill may be a stream of Node's.
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
      if (!this.sink.write(value) && this.sink.streams) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
    }
  }
}

/** Anything that is read with `for await`, in the form of a reader. */
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

/** Most requests of an environment come to one host: it is looked at once. */
let lastOrigin: string | undefined;

type RequestClass = new (exchange: FetchExchange, url: string, init: RequestInit) => Request;
let requestClass: RequestClass | undefined;

/**
 * A native request whose signal is made when the app asks for it: one that is handed to the constructor costs more than
 * all else about a request, and few apps look at it. Made late, since Node loads `Request` at its first use.
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

/** Of any realm and any implementation: apps bring polyfills. */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && typeof (value as Response).arrayBuffer === 'function' && typeof (value as Response).status === 'number';
}

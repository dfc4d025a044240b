import { validateHeaderName } from 'node:http';
import { isUint8Array } from 'node:util/types';
import { RequestSource, requestClass } from './fetch-request';
import { BodyReader, readerOf } from './response-body';
import { bodyTextOf } from '../events/event-fields';
import { LambdaEvent } from '../events/event-format';
import { hasLineBreak } from '../http/header-text';
import { ResponseSink, ResponseWriter } from '../http/response-sink';
import { WebRequest } from '../http/web-request';
import { ResponseHeaders, appendHeader } from '../http/web-response';
import { LambdaContext } from '../invocations/lambda-context';
import { Reply } from '../invocations/reply';
import { executionContext } from '../invocations/wait-until';

/** The longest time that a body is read in one turn of the event loop, in milliseconds: a source that never waits would starve all timers. */
const TURN_MS = 5;

const REPLACEMENT = Buffer.from('\ufffd');

/** The second argument of a fetch function; the names are those of Hono's Lambda adapter. */
export interface FetchBindings {
  readonly event: LambdaEvent;
  readonly requestContext: unknown;
  readonly lambdaContext: LambdaContext | undefined;
}

export type Fetch = (request: Request, bindings: FetchBindings, execution: typeof executionContext) => Response | Promise<Response>;

/**
 * Runs one request through an app that takes a `Request` and returns a `Response`. Only this file and `fetch-request` use
 * those classes: Node loads them at first use, which takes longer than most apps need to start (see `loadFetchClasses`).
 */
export class FetchExchange implements ResponseWriter, RequestSource {
  private abort: AbortController | undefined;
  private abandoned = false;
  private readonly sink: ResponseSink;
  /** When the body was last read in a new turn of the event loop. */
  private turnAt = 0;
  /** Wakes a body that waits for its reader. */
  private resume: (() => void) | undefined;
  /** The body as the event had it, which the app may change. */
  private readonly text: string | undefined;

  constructor(
    private readonly fetch: Fetch,
    private readonly request: WebRequest,
    private readonly bindings: FetchBindings,
    private readonly reply: Reply,
  ) {
    this.sink = reply.sink;
    this.sink.writer = this;
    this.text = bodyTextOf(bindings.event);
  }

  /** Never rejects. It has all the waiting of a request: each further promise would take longer than most of what it does. */
  public async run(): Promise<void> {
    try {
      const request = this.toRequest();
      if (request === undefined) {
        return;
      }
      const returned = this.fetch(request, this.bindings, executionContext);
      const chunks = this.sendHead(isResponse(returned) ? returned : await returned);
      while (chunks !== undefined) {
        const { done, value } = await chunks.read();
        if (done) {
          break;
        }
        if (this.abandoned) {
          await chunks.cancel();
          break;
        }
        const pause = this.sendChunk(value);
        if (pause !== undefined) {
          await pause;
        }
      }
      this.sink.end();
    } catch (error) {
      // Servers for fetch apps answer 500 when the app throws; the process sees no unhandled rejection.
      this.reply.fail(500, 'the app threw', error);
    }
  }

  public onDrain(): void {
    this.resume?.();
  }

  public onAbandoned(): void {
    this.abandoned = true;
    this.abort?.abort();
    this.resume?.();
  }

  public get signal(): AbortSignal {
    if (this.abort === undefined) {
      this.abort = new AbortController();
      if (this.abandoned) {
        this.abort.abort();
      }
    }
    return this.abort.signal;
  }

  public get bodyText(): string | undefined {
    const { text } = this;
    // Node drops a byte order mark, or two. And half of a surrogate pair has become U+FFFD.
    return text === undefined || text.charCodeAt(0) === 0xfeff || this.request.body!.includes(REPLACEMENT) ? undefined : text;
  }

  /** Undefined if the request cannot be one, which is answered at once. */
  private toRequest(): Request | undefined {
    const { method, target, rawHeaders, host, scheme, mountPrefix, body } = this.request;
    if (method === 'TRACE' || method === 'CONNECT' || method === 'TRACK') {
      // https://fetch.spec.whatwg.org/#forbidden-method
      this.reply.fail(405, `a fetch app cannot get a ${method} request`);
      return undefined;
    }
    const origin = `${scheme}://${host}`;
    if (origin !== lastOrigin) {
      if (!URL.canParse(origin)) {
        // A host name, but no URL can have it: `1.2.3.256`.
        this.reply.fail(400, 'the host header must be a host that a URL can have');
        return undefined;
      }
      lastOrigin = origin;
    }
    const request = new (requestClass())(this, origin + (target.startsWith('/') ? target : `/${target}`), {
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

  /** @returns what reads the body; undefined if there is none */
  private sendHead(response: Response): BodyReader | undefined {
    if (!isResponse(response)) {
      throw new TypeError(`a fetch app must return a Response, got ${response === null ? 'null' : typeof response}; return new Response(...)`);
    }
    const headers: ResponseHeaders = [];
    // Iterating yields each cookie separately; `get` would join them. The names of `Headers` are lower-case tokens, also in polyfills.
    response.headers.forEach(response.headers.forEach === Headers.prototype.forEach
      ? (value, name) => name === 'set-cookie' ? appendHeader(headers, name, value) : headers.push(name, value)
      : (value, name) => appendHeader(headers, checkName(name), String(value)));
    checkStatus(response);
    const bodiless = this.request.method === 'HEAD' || response.status === 204 || response.status === 304;
    this.sink.head(response.status, response.statusText ?? '', headers, bodiless);
    if (bodiless || response.body === null) {
      return undefined;
    }
    if (response.bodyUsed) {
      throw new TypeError('the body of the Response has been read already; return a new Response, or read a clone()');
    }
    return readerOf(response);
  }

  /** @returns a promise if the next chunk has to wait */
  private sendChunk(chunk: unknown): Promise<unknown> | undefined {
    if (!isUint8Array(chunk)) {
      throw new TypeError(`the body of a Response must be a stream of Uint8Array, got ${chunk === null ? 'null' : typeof chunk}; encode it first`);
    }
    const drained = !this.sink.write(chunk) && this.sink.streams && !this.abandoned
      ? new Promise<void>((resolve) => {
        this.resume = resolve;
      })
      : undefined;
    const now = Date.now();
    this.turnAt ||= now;
    if (now - this.turnAt <= TURN_MS) {
      return drained;
    }
    this.turnAt = now;
    // A fast reader is there again before the next turn.
    return Promise.all([drained, new Promise(setImmediate)]);
  }
}

/** The last origin that was valid: most requests of an environment have the same host, so it is checked once. */
let lastOrigin: string | undefined;

/*
 * An object that only looks like a Response, of a polyfill or of the app's own, may have anything in its head, and a line
 * break would begin a header of its own.
 */

/**
 * Values are checked where they are rendered.
 *
 * @throws TypeError for a name that no server could send
 */
function checkName(name: string): string {
  validateHeaderName(name);
  return name.toLowerCase();
}

/**
 * `Response.error()` has the status 0.
 *
 * @throws TypeError for a status line that no server could send
 */
function checkStatus({ status, statusText }: Response): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new TypeError(`the status of a Response must be a number from 200 to 599, got ${status}`);
  }
  if (statusText !== '' && hasLineBreak(String(statusText))) {
    throw new TypeError('the statusText of a Response must not have a line break or NUL in it');
  }
}

/** Checks properties instead of using `instanceof`, since apps may use a polyfill or another realm. */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && typeof (value as Response).arrayBuffer === 'function' && typeof (value as Response).status === 'number';
}

import { withBuiltinCache } from '../builtin-cache';

/** What a `FetchRequest` takes from its exchange when it is first asked for it. */
export interface RequestSource {
  /** Aborts when the client no longer waits for the response. */
  readonly signal: AbortSignal;
  /** The text whose UTF-8 the body is, if it is known. */
  readonly bodyText: string | undefined;
}

export type FetchRequestClass = new (source: RequestSource, url: string, init: RequestInit) => Request;
let fetchRequestClass: FetchRequestClass | undefined;

/**
 * Has Node load `Request`, `Response` and `Headers`, which takes it 30 to 100 ms with Lambda's flags. In the init phase a
 * function has a whole processor, and in an invocation only the part that its memory size gives it.
 */
export function loadFetchClasses(): void {
  withBuiltinCache(() => void globalThis.Request);
}

/**
 * The subclass of `Request` that fetch apps get. It creates its signal at first access: to pass one to the constructor takes
 * longer than the rest of the request, and few apps use it. It reads JSON and text without encoding and decoding them.
 * Made late, since Node loads `Request` at first use.
 */
export function requestClass(): FetchRequestClass {
  return fetchRequestClass ??= makeRequestClass();
}

function makeRequestClass(): FetchRequestClass {
  class FetchRequest extends Request {
    /** Reads the body as its text. Undefined if that is not known, or if there is nothing to read any more. */
    static takeText(request: FetchRequest): string | undefined {
      // The body of a polyfill may be a stream of Node.
      if (!(#source in request) || request.bodyUsed || !(request.body instanceof ReadableStream) || request.body.locked) {
        return undefined;
      }
      const text = request.#source.bodyText;
      if (text !== undefined) {
        // From now on `bodyUsed` is true and the stream locked, as after any other way to read the body. To cancel it takes longer.
        void request.body.getReader().read();
      }
      return text;
    }

    readonly #source: RequestSource;

    constructor(source: RequestSource, url: string, init: RequestInit) {
      super(url, init);
      this.#source = source;
    }

    static {
      const described = { configurable: true, enumerable: true };
      const method = (value: Function) => ({ ...described, writable: true, value });
      const { takeText } = this;
      Object.defineProperties(this.prototype, {
        signal: {
          ...described,
          get(this: FetchRequest) {
            return this.#source.signal;
          },
        },
        clone: method(function clone(this: FetchRequest) {
          return Object.defineProperty(Request.prototype.clone.call(this), 'signal', { ...described, get: () => this.signal });
        }),
        text: method(async function text(this: FetchRequest) {
          return takeText(this) ?? Request.prototype.text.call(this);
        }),
        json: method(async function json(this: FetchRequest) {
          const text = takeText(this);
          return text === undefined ? Request.prototype.json.call(this) : JSON.parse(text);
        }),
        constructor: { configurable: true, writable: true, value: Request },
      });
    }
  }
  return FetchRequest;
}

import { validateHeaderName, validateHeaderValue } from 'node:http';
import { inspect } from 'node:util';
import { OUT_HEADERS, ResponseInternals } from './node-internals';
import { ResponseHeaders, appendHeader } from '../http/web-response';

/**
 * The headers of a response: those of `setHeader`, or the argument of `writeHead` in any of its forms.
 * Hop-by-hop headers are left out, since the front door sends its own.
 */
export function outgoingHeaders(res: ResponseInternals, given: unknown, unique: ReadonlySet<string> | undefined): ResponseHeaders {
  const stored = res[OUT_HEADERS];
  const isStored = given === stored && stored !== null;
  const outgoing = new Outgoing(!isStored, unique);
  if (isStored) {
    // Already checked by `setHeader`.
    for (const name in stored) {
      outgoing.add(name, stored[name][1]);
    }
  } else if (Array.isArray(given)) {
    outgoing.addList(given);
  } else if (given) {
    for (const name of Object.keys(given)) {
      outgoing.addChecked(name, (given as Record<string, unknown>)[name]);
    }
  }
  if (outgoing.contentLength !== undefined) {
    // Node compares the body with this if the app sets `strictContentLength`.
    res._contentLength = outgoing.contentLength;
  }
  if (outgoing.hasTrailer && (outgoing.contentLength !== undefined || !res._hasBody || res._removedTE)) {
    throw Object.assign(new Error('Trailers are invalid with this transfer encoding'), { code: 'ERR_HTTP_TRAILER_INVALID' });
  }
  return outgoing.headers;
}

/** Collects the headers, and what Node needs to know about them. */
class Outgoing {
  public readonly headers: ResponseHeaders = [];
  public contentLength: number | undefined = undefined;
  public hasTrailer = false;

  /**
   * @param repeats whether a name may come more than once
   * @param unique the names whose values are joined: the option `uniqueHeaders` of `http.createServer`
   */
  constructor(private readonly repeats: boolean, private readonly unique: ReadonlySet<string> | undefined) {}

  /** `[name, value, name, value]` or `[[name, value], [name, value]]`. */
  public addList(list: unknown[]): void {
    if (Array.isArray(list[0])) {
      for (const [name, value] of list as [string, unknown][]) {
        this.addChecked(name, value);
      }
      return;
    }
    if (list.length % 2 !== 0) {
      throw Object.assign(new TypeError(`The argument 'headers' is invalid. Received ${inspect(list)}`), { code: 'ERR_INVALID_ARG_VALUE' });
    }
    for (let i = 0; i < list.length; i += 2) {
      this.addChecked(list[i] as string, list[i + 1]);
    }
  }

  public addChecked(name: string, value: unknown): void {
    validateHeaderName(name);
    for (const each of Array.isArray(value) ? value : [value]) {
      validateHeaderValue(name, each);
    }
    this.add(name.toLowerCase(), value as string);
  }

  /** @param name in lower case */
  public add(name: string, value: number | string | string[]): void {
    switch (name) {
      case 'connection':
      case 'keep-alive':
      case 'transfer-encoding':
        return;
      case 'trailer':
        this.hasTrailer = true;
        return;
      case 'content-length':
        this.contentLength = Number(value);
        break;
    }
    if (Array.isArray(value)) {
      if (value.length > 0) {
        const values = value.map(String);
        this.push(name, this.unique?.has(name) ? values.join('; ') : values);
      }
    } else {
      this.push(name, typeof value === 'string' ? value : String(value));
    }
  }

  private push(name: string, value: string | string[]): void {
    if (this.repeats) {
      appendHeader(this.headers, name, value);
    } else {
      this.headers.push(name, value);
    }
  }
}

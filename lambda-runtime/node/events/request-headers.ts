import { HOST } from '../http/host';

/**
 * Headers that only the platform or this runtime may set: no client's own reaches the app, which would have to believe it.
 * `contract.json` has the same list.
 */
export const PLATFORM_HEADERS: ReadonlySet<string> = new Set([
  'x-amzn-request-context',
  'x-amzn-lambda-context',
  'x-amz-tenant-id',
  'x-apigateway-event',
  'x-forwarded-prefix',
]);

/** The length of the shortest of them: most headers pass without a look at the set. */
const MIN_LENGTH = Math.min(...[...PLATFORM_HEADERS].map(({ length }) => length));

/** The header is about the connection to the front door: the body of an event is whole. */
function endsAtTheDoor(name: string): boolean {
  return name === 'transfer-encoding';
}

/** The raw headers of a request, gathered from an event in the order in which the event lists them. */
export class RequestHeaders {
  public readonly raw: string[] = [];
  public host: string | undefined;
  public cookie: string | undefined;
  public forwardedFor: string | undefined;
  public forwardedProto: string | undefined;
  public forwardedHost: string | undefined;
  private contentLengthAt = -1;

  /** Adds one header line. Values that are not strings are no header of HTTP and are left out. */
  public add(name: string, value: unknown): void {
    if (typeof value !== 'string') {
      return;
    }
    const lower = name.toLowerCase();
    switch (lower) {
      case 'host':
        this.host ??= value;
        break;
      case 'cookie':
        // HTTP/2 may send one field per cookie: https://www.rfc-editor.org/rfc/rfc9113#section-8.2.3
        this.cookie = !this.cookie ? value : value === '' ? this.cookie : `${this.cookie}; ${value}`;
        return;
      case 'content-length':
        if (this.contentLengthAt >= 0) {
          return;
        }
        this.contentLengthAt = this.raw.length + 1;
        break;
      case 'x-forwarded-for':
        // The last entry is the one that the door itself appended.
        this.forwardedFor = this.forwardedFor === undefined ? value : `${this.forwardedFor}, ${value}`;
        break;
      case 'x-forwarded-proto':
        this.forwardedProto = value;
        break;
      case 'x-forwarded-host':
        this.forwardedHost ??= value;
        break;
      default:
        if (endsAtTheDoor(lower) || (lower.length >= MIN_LENGTH && PLATFORM_HEADERS.has(lower))) {
          return;
        }
    }
    this.raw.push(name, asWireBytes(value));
  }

  /**
   * Sets `content-length` to the number of bytes that the app will read. REST APIs leave the header out of their events.
   * Browsers send `content-length: 0` with a POST, PUT or PATCH that has no body, and body parsers rely on it.
   */
  public setContentLength(body: Buffer | undefined, method: string): void {
    const length = body === undefined ? '0' : String(body.length);
    if (this.contentLengthAt >= 0) {
      this.raw[this.contentLengthAt] = length;
    } else if (body !== undefined || method === 'POST' || method === 'PUT' || method === 'PATCH') {
      this.raw.push('content-length', length);
    }
  }

  /** Adds the cookies that an event lists beside its headers, or those that its headers had, never both. */
  public addCookies(listed: unknown): void {
    const cookies = Array.isArray(listed) ? listed.filter((each) => typeof each === 'string' && each !== '') : [];
    const cookie = cookies.length > 0 ? cookies.join('; ') : this.cookie;
    if (cookie !== undefined) {
      this.raw.push('cookie', asWireBytes(cookie));
    }
  }

  /**
   * Settles `host`: the client's header, else the door's own name. `x-forwarded-host` is the client's claim
   * and counts only where the user says that something in front of the door sets it.
   */
  public settleHost(domainName: unknown, trustForwardedHost: boolean): void {
    // Every proxy on the way may have added its own: the first is the one that the client asked for.
    const claimed = trustForwardedHost ? this.forwardedHost?.split(',', 1)[0].trim() : undefined;
    const forwarded = claimed !== undefined && HOST.test(claimed) ? claimed : undefined;
    if (forwarded === undefined && this.host !== undefined) {
      return;
    }
    const host = forwarded ?? (typeof domainName === 'string' && HOST.test(domainName) ? domainName : 'localhost');
    if (this.host === undefined) {
      this.raw.unshift('host', host);
      if (this.contentLengthAt >= 0) {
        this.contentLengthAt += 2;
      }
    } else {
      for (let i = 0; i < this.raw.length; i += 2) {
        if (this.raw[i].toLowerCase() === 'host') {
          this.raw[i + 1] = host;
        }
      }
    }
    this.host = host;
  }
}

/**
 * A header's value as `http.Server` would give it: one character for each byte on the wire.
 * Doors hand on text, so what is beyond ASCII (Cloudflare's `cf-ipcity`) becomes its UTF-8 bytes again.
 */
function asWireBytes(value: string): string {
  return isAscii(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
}

/** Four characters at a time: most of a request's characters are in its headers. */
function isAscii(text: string): boolean {
  const { length } = text;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    // eslint-disable-next-line no-bitwise -- one comparison for all four
    if ((text.charCodeAt(i) | text.charCodeAt(i + 1) | text.charCodeAt(i + 2) | text.charCodeAt(i + 3)) > 0x7f) {
      return false;
    }
  }
  for (; i < length; i++) {
    if (text.charCodeAt(i) > 0x7f) {
      return false;
    }
  }
  return true;
}

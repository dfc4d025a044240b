import { toWireText } from '../http/header-text';
import { HOST } from '../http/host';

/**
 * Headers that only AWS or this runtime may set. They are removed from client requests, so that the app can trust them.
 * `contract.json` has the same list.
 */
export const PLATFORM_HEADERS: ReadonlySet<string> = new Set([
  'x-amzn-request-context',
  'x-amzn-lambda-context',
  'x-amz-tenant-id',
  'x-apigateway-event',
  'x-forwarded-prefix',
]);

/** The length of the shortest name: shorter headers need no lookup in the set. */
const MIN_LENGTH = Math.min(...[...PLATFORM_HEADERS].map(({ length }) => length));

/** Whether a header is only about the connection to the front door. The event has the whole body. */
function isHopByHop(name: string): boolean {
  return name === 'transfer-encoding';
}

/** Collects the raw headers of a request in the order of the event. */
export class RequestHeaders {
  public readonly raw: string[] = [];
  public host: string | undefined;
  public cookie: string | undefined;
  public forwardedFor: string | undefined;
  public forwardedProto: string | undefined;
  public forwardedHost: string | undefined;
  private contentLengthAt = -1;

  /** Adds one header line. Values that are not strings are skipped. */
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
        // The front door appends its own entry at the end.
        this.forwardedFor = this.forwardedFor === undefined ? value : `${this.forwardedFor}, ${value}`;
        break;
      case 'x-forwarded-proto':
        this.forwardedProto = value;
        break;
      case 'x-forwarded-host':
        this.forwardedHost ??= value;
        break;
      default:
        if (isHopByHop(lower) || (lower.length >= MIN_LENGTH && PLATFORM_HEADERS.has(lower))) {
          return;
        }
    }
    this.raw.push(name, toWireText(value));
  }

  /**
   * Sets `content-length` to the number of bytes that the app will read. Events of REST APIs lack this header.
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

  /** Adds the cookies of the `cookies` field of the event, or else those of its headers, never both. */
  public addCookies(listed: unknown): void {
    const cookies = Array.isArray(listed) ? listed.filter((each) => typeof each === 'string' && each !== '') : [];
    const cookie = cookies.length > 0 ? cookies.join('; ') : this.cookie;
    if (cookie !== undefined) {
      this.raw.push('cookie', toWireText(cookie));
    }
  }

  /**
   * Sets `host`: the client's header, or else the domain name of the front door. A client can forge `x-forwarded-host`,
   * so it is used only if the user says that a proxy in front of the door sets it.
   */
  public setHost(domainName: unknown, trustForwardedHost: boolean): void {
    // Each proxy may append its own host. The first is the host that the client requested.
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

import { HeaderKind, headerName } from './header-name';
import { fallbackHost, forwardedHostOf, isHost } from '../http/connection-facts';
import { hasLineBreak, isPlain, toWireText } from '../http/header-text';
import { EventSource } from '../http/web-request';

/** Collects the raw headers of a request in the order of the event. */
export class RequestHeaders {
  public readonly raw: string[] = [];
  public host: string | undefined;
  public cookie: string | undefined;
  public forwardedFor: string | undefined;
  public forwardedProto: string | undefined;
  public forwardedHost: string | undefined;
  /** Why no door sends such headers; undefined if one could. It never contains a value, which may be secret. */
  public problem: string | undefined;
  private contentLengthAt = -1;
  private hasHostHeader = false;

  constructor(private readonly source: EventSource) {}

  /** Adds one header line. Values that are not strings are skipped. */
  public add(name: string, value: unknown): void {
    if (typeof value !== 'string') {
      return;
    }
    const { lower, kind, doors, breaks } = headerName(name);
    if (breaks) {
      this.problem = 'the name of a header has a line break or NUL in it';
    }
    switch (kind) {
      case HeaderKind.Host:
        this.addHost(name, value);
        return;
      case HeaderKind.Cookie:
        // HTTP/2 may send one field per cookie: https://www.rfc-editor.org/rfc/rfc9113#section-8.2.3
        this.cookie = !this.cookie ? value : value === '' ? this.cookie : `${this.cookie}; ${value}`;
        return;
      case HeaderKind.ContentLength:
        if (this.contentLengthAt >= 0) {
          return;
        }
        this.contentLengthAt = this.raw.length + 1;
        break;
      case HeaderKind.ForwardedFor:
        // The front door appends its own entry at the end.
        this.forwardedFor = this.forwardedFor === undefined ? value : `${this.forwardedFor}, ${value}`;
        break;
      case HeaderKind.ForwardedProto:
        this.forwardedProto = value;
        break;
      case HeaderKind.ForwardedHost:
        this.forwardedHost ??= value;
        break;
      default:
        if (doors !== undefined && !doors.includes(this.source)) {
          return;
        }
    }
    this.raw.push(name, this.wireText(lower, value));
  }

  /** An empty host is none, but not beside another. */
  private addHost(name: string, value: string): void {
    const host = this.wireText('host', value);
    if (this.hasHostHeader || (host !== '' && !isHost(host))) {
      this.problem = 'the host header must be one host name or address, with or without a port';
    }
    this.hasHostHeader = true;
    if (host !== '') {
      this.host = host;
      this.raw.push(name, host);
    }
  }

  private wireText(name: string, given: string): string {
    const value = isPadded(given) ? given.replace(PADDING, '') : given;
    if (isPlain(value)) {
      return value;
    }
    if (hasLineBreak(value)) {
      this.problem = `the header ${name} has a line break or NUL in it`;
    }
    return toWireText(value);
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
    const cookies = Array.isArray(listed) ? listed.filter(isCookie) : [];
    const cookie = cookies.length > 0 ? cookies.join('; ') : this.cookie;
    if (cookie !== undefined) {
      this.raw.push('cookie', this.wireText('cookie', cookie));
    }
  }

  /** Sets `host`: the client's header, or that of a proxy that the user trusts, or else the domain name of the front door. */
  public setHost(domainName: unknown, trustForwardedHost: boolean): void {
    const forwarded = trustForwardedHost ? forwardedHostOf(this.forwardedHost) : undefined;
    if (forwarded === undefined && this.host !== undefined) {
      return;
    }
    const host = forwarded ?? fallbackHost(domainName);
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

function isCookie(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Whitespace around a value does not belong to it: RFC 9110, 5.6.3. */
const PADDING = /^[\t ]+|[\t ]+$/g;

function isPadded(value: string): boolean {
  return value.charCodeAt(0) <= 0x20 || value.charCodeAt(value.length - 1) <= 0x20;
}

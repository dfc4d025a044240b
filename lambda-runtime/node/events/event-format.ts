import { isIP } from 'node:net';
import { Settings } from '../settings';
import { EventSource, WebRequest } from '../web-request';
import { ResponseHead } from '../web-response';

/** Whatever came in: Lambda hands over any JSON. */
export type LambdaEvent = Record<string, any>;

/** What a function returns to its door. */
export interface Result {
  statusCode: number;
  body?: string;
  isBase64Encoded?: boolean;
}

/** One wire format: how a door puts HTTP into an event, and how it reads the result. */
export interface EventFormat {
  /** The door computes `content-length` itself, and renames or overwrites one that it is given. */
  readonly setsContentLength: boolean;
  sourceOf(event: LambdaEvent, settings: Settings): EventSource;
  parse(event: LambdaEvent, settings: Settings): WebRequest;
  /** A result without its body: also what a streamed response starts with. */
  renderHead(response: ResponseHead, event: LambdaEvent): Result;
}

/**
 * The bytes of the body, or undefined where there are none. Decoded at once: its length is in a header, and no look at
 * the characters is as fast as decoding them.
 */
export function bodyOf(event: LambdaEvent, isBase64 = event.isBase64Encoded === true): Buffer | undefined {
  const { body } = event;
  if (body === null || body === undefined || body === '') {
    return undefined;
  }
  if (typeof body !== 'string') {
    throw new TypeError(`event.body must be a string or null, got ${typeof body}; test events carry the body as text or base64`);
  }
  const bytes = Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  return bytes.length === 0 ? undefined : bytes;
}

/** A map of the event: any of them may be null or missing, and the console's test events leave most of them out. */
export function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
}

export function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** An address, or the unspecified one: the console's test button sends `test-invoke-source-ip`. */
export function addressOf(value: unknown): string {
  return typeof value === 'string' && isIP(value) !== 0 ? value : '0.0.0.0';
}

/** TLS ends at the door, which says so; only an ALB listens on plain HTTP. */
export function schemeOf(forwardedProto: string | undefined): 'http' | 'https' {
  return forwardedProto?.toLowerCase() === 'http' ? 'http' : 'https';
}

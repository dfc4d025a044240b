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

/** The body as the event has it; decoding waits until the app reads. */
export function bodyOf(event: LambdaEvent, field = 'body'): string {
  const body = event[field];
  if (body === null || body === undefined) {
    return '';
  }
  if (typeof body !== 'string') {
    throw new TypeError(`event.${field} must be a string or null, got ${typeof body}; test events carry the body as text or base64`);
  }
  return body;
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

import { LambdaEvent } from './event-format';
import { encodeUtf8 } from '../http/utf8';

/*
 * Functions that read fields of an event. A field may be null, missing or have another type than AWS documents: the
 * console's test events omit most fields, and users also write events by hand.
 */

export function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
}

export function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** The method in upper case, which events written by hand may not have. */
export function methodOf(value: unknown): string {
  return value === 'GET' || value === 'POST' ? value : (value as string).toUpperCase();
}

/**
 * The bytes of the body, or undefined if it is empty. Decoded immediately: `content-length` needs the number of bytes,
 * and counting takes as long as decoding.
 */
export function bodyOf(event: LambdaEvent): Buffer | undefined {
  const { body } = event;
  if (body === null || body === undefined || body === '') {
    return undefined;
  }
  if (typeof body !== 'string') {
    throw new TypeError(`event.body must be a string or null, got ${typeof body}; test events carry the body as text or base64`);
  }
  const bytes = isBase64(event) ? fromBase64(body) : encodeUtf8(body);
  return bytes.length === 0 ? undefined : bytes;
}

/** The body, if the event has it as text. */
export function bodyTextOf(event: LambdaEvent): string | undefined {
  return typeof event.body === 'string' && !isBase64(event) ? event.body : undefined;
}

/** The second name is that of VPC Lattice's first event version. */
function isBase64(event: LambdaEvent): boolean {
  return event.isBase64Encoded === true || event.is_base64_encoded === true;
}

/** From this length on, `Buffer.from` takes twice as long: it keeps the memory of a long text outside of V8. */
const LONG = 4096;

function fromBase64(text: string): Buffer {
  if (text.length < LONG) {
    return Buffer.from(text, 'base64');
  }
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text, 'base64'));
  const length = bytes.write(text, 'base64');
  return length === bytes.length ? bytes : bytes.subarray(0, length);
}

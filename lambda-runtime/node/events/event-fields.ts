import { LambdaEvent } from './event-format';

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

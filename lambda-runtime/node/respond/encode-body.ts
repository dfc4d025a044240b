import { isUtf8 } from 'node:buffer';
import { HeaderSummary, WebResponse } from '../http/web-response';
import { RuntimeOptionsContract } from '../settings/contract';

/** How apig-wsgi's two options decide between text and base64. */
export type BodyOptions = Pick<RuntimeOptionsContract, 'binarySupport' | 'nonBinaryContentTypePrefixes'>;

/** A body as results carry it. */
export interface EncodedBody {
  readonly text: string;
  readonly isBase64: boolean;
  /** The number of bytes that the client receives. */
  readonly length: number;
}

/**
 * Text where the bytes are UTF-8 and nothing says otherwise, so that large text is not inflated by a third;
 * base64 for all else. Every door decodes base64; REST APIs do so because of the media type that the construct sets.
 */
export function encodeBody(response: WebResponse, headers: HeaderSummary, options: BodyOptions): EncodedBody {
  const { body } = response;
  if (body.length === 0 || response.bodiless) {
    return { text: '', isBase64: false, length: 0 };
  }
  if (options.binarySupport === false) {
    return textOnly(body);
  }
  if (!isDeclaredText(headers, options.nonBinaryContentTypePrefixes)) {
    return base64(typeof body === 'string' ? Buffer.from(body) : asBuffer(body));
  }
  if (typeof body === 'string') {
    const text = body.isWellFormed() ? body : body.toWellFormed();
    return { text, isBase64: false, length: Buffer.byteLength(text) };
  }
  return isUtf8(body) ? { text: asBuffer(body).toString('utf8'), isBase64: false, length: body.length } : base64(asBuffer(body));
}

/** The same body as base64, which is smaller where JSON would escape most of the text. */
export function inBase64(body: EncodedBody): EncodedBody {
  return base64(Buffer.from(body.text));
}

/** For a door that carries no base64: what is no text is refused, never damaged. */
function textOnly(body: string | Uint8Array): EncodedBody {
  if (typeof body !== 'string' && !isUtf8(body)) {
    throw new TypeError(
      'binarySupport is false, but the response is not UTF-8 text; set binarySupport to true and let the front door carry binary media types',
    );
  }
  const text = typeof body === 'string' ? body.toWellFormed() : asBuffer(body).toString('utf8');
  return { text, isBase64: false, length: Buffer.byteLength(text) };
}

/** Whether the headers allow for text: no content coding, no charset but UTF-8, and a type of the list where one is given. */
function isDeclaredText({ contentEncoding, contentType: type }: HeaderSummary, textPrefixes: readonly string[] | undefined): boolean {
  if (contentEncoding !== undefined && contentEncoding !== '' && contentEncoding.toLowerCase() !== 'identity') {
    return false;
  }
  if (textPrefixes !== undefined && !textPrefixes.some((prefix) => type?.startsWith(prefix))) {
    return false;
  }
  return type === undefined || isUtf8Type(type);
}

/** The last content type that was looked at: an app has few, and mostly answers with one. */
let knownType = '';
let knownIsUtf8 = true;

function isUtf8Type(type: string): boolean {
  if (type !== knownType) {
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type);
    knownType = type;
    knownIsUtf8 = charset === null || /^(?:utf-?8|us-ascii)$/i.test(charset[1]);
  }
  return knownIsUtf8;
}

function base64(bytes: Buffer): EncodedBody {
  return { text: bytes.toString('base64'), isBase64: true, length: bytes.length };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

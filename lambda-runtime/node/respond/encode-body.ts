import { asBuffer, decodeUtf8 } from '../http/utf8';
import { HeaderSummary, WebResponse } from '../http/web-response';
import { RuntimeOptionsContract } from '../settings/contract';

/** The two options that decide between text and base64, as in apig-wsgi. */
export type BodyOptions = Pick<RuntimeOptionsContract, 'binarySupport' | 'nonBinaryContentTypePrefixes'>;

/** The body of a result. */
export interface EncodedBody {
  readonly text: string;
  readonly isBase64: boolean;
  /** The number of bytes that the client receives, if they were counted: see `byteLengthOf`. */
  readonly length: number | undefined;
}

/**
 * Encodes the body as text if the bytes are UTF-8 and neither headers nor options forbid it, since base64 makes it a third
 * larger. Otherwise as base64. Every door decodes base64; a REST API does because the construct sets its media types.
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
    // One byte for each character: ASCII, which is well-formed.
    const text = body.length === response.length || body.isWellFormed() ? body : body.toWellFormed();
    return { text, isBase64: false, length: response.length };
  }
  const text = decodeUtf8(body);
  return text === undefined ? base64(asBuffer(body)) : { text, isBase64: false, length: body.length };
}

/** The number of bytes that the client receives. To count those of a large text takes as long as all else, so few are counted. */
export function byteLengthOf({ text, length }: EncodedBody): number {
  return length ?? Buffer.byteLength(text);
}

/** The same body as base64, which is smaller if JSON would escape most of the text. */
export function inBase64(body: EncodedBody): EncodedBody {
  return base64(Buffer.from(body.text));
}

/** For a door that does not decode base64. Bodies that are not text are refused, since they would be damaged. */
function textOnly(body: string | Uint8Array): EncodedBody {
  const text = typeof body === 'string' ? body.toWellFormed() : decodeUtf8(body);
  if (text === undefined) {
    throw new TypeError(
      'binarySupport is false, but the response is not UTF-8 text; set binarySupport to true and configure binary media types on the front door',
    );
  }
  return { text, isBase64: false, length: typeof body === 'string' ? undefined : body.length };
}

/** Whether the header names a content coding, such as gzip. */
export function isCoded(contentEncoding: string | undefined): boolean {
  return contentEncoding !== undefined && contentEncoding !== '' && contentEncoding.toLowerCase() !== 'identity';
}

/** Whether the headers allow text: no content coding, no charset other than UTF-8, and one of the prefixes if there are any. */
function isDeclaredText({ contentEncoding, contentType: type }: HeaderSummary, textPrefixes: readonly string[] | undefined): boolean {
  if (isCoded(contentEncoding)) {
    return false;
  }
  if (textPrefixes !== undefined && !textPrefixes.some((prefix) => type?.startsWith(prefix))) {
    return false;
  }
  return type === undefined || isUtf8Type(type);
}

/** A cache of the last content type, since most apps use few. */
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

import { isAscii, isUtf8, transcode } from 'node:buffer';

/*
 * Between UTF-8 and long texts that are not Latin-1, the way over UTF-16 is several times faster than V8's:
 * https://nodejs.org/api/buffer.html#buffertranscodesource-fromenc-toenc
 */

const LONG = 1024;
/** V8 keeps one byte for each character of other texts, so nothing in them has to be searched. */
const WIDE = /[^\0-\xff]/;
/** From Node 24 on, Node decodes as fast by itself. */
const DECODES_SLOWLY = Number(process.versions.node.split('.', 1)[0]) < 24;

/** From this length on, Latin-1 is encoded faster in two steps than by `Buffer.from`. */
const LONG_LATIN1 = 4096;
let scratch: Buffer | undefined;
const SCRATCH_BYTES = 96 * 1024;

/** Half of a surrogate pair becomes U+FFFD. */
export function encodeUtf8(text: string): Buffer {
  if (text.length >= LONG && WIDE.test(text)) {
    try {
      return transcode(inUtf16(text), 'utf16le', 'utf8');
    } catch {
      // It has half of a surrogate pair.
      return Buffer.from(text);
    }
  }
  if (text.length < LONG_LATIN1 || text.length * 3 > SCRATCH_BYTES) {
    return Buffer.from(text);
  }
  // `Buffer.from` reads the text twice: to count its bytes, and to encode it.
  scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  const bytes = Buffer.allocUnsafeSlow(scratch.write(text, 'utf8'));
  scratch.copy(bytes, 0, 0, bytes.length);
  return bytes;
}

function inUtf16(text: string): Buffer {
  if (text.length * 2 > SCRATCH_BYTES) {
    return Buffer.from(text, 'utf16le');
  }
  scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  return scratch.subarray(0, scratch.write(text, 'utf16le'));
}

/** @returns undefined for bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (isAscii(bytes)) {
    // Copied, and not decoded.
    return asBuffer(bytes).toString('latin1');
  }
  if (!isUtf8(bytes)) {
    return undefined;
  }
  return DECODES_SLOWLY && bytes.length >= LONG ? transcode(bytes, 'utf8', 'utf16le').toString('utf16le') : asBuffer(bytes).toString();
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import { isUtf8 } from 'node:buffer';
import { isCoded } from './encode-body';

/** The content type of a streamed response whose app gave none: the one that the same bytes get in a buffered response. */
export function guessType(first: string | Uint8Array, contentEncoding: string | undefined): string {
  const isText = !isCoded(contentEncoding) && (typeof first === 'string' || isUtf8(withoutCutCharacter(first)));
  return isText ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}

/** A chunk may end within a character, whose other bytes are in the next. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let taken = 1; taken <= 3 && taken <= bytes.length; taken++) {
    const byte = bytes[bytes.length - taken];
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > taken ? bytes.subarray(0, -taken) : bytes;
    }
  }
  return bytes;
}

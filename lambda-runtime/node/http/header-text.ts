import { isUtf8 } from 'node:buffer';

/**
 * A header value as `http.Server` returns it: one character for each byte that was sent.
 * Events contain decoded text, so non-ASCII characters (Cloudflare's `cf-ipcity`) become their UTF-8 bytes again.
 */
export function toWireText(value: string): string {
  return isAscii(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
}

/** The opposite: doors send text as UTF-8, so bytes that are UTF-8 become the text that they encode. */
export function fromWireText(value: string): string {
  if (isAscii(value)) {
    return value;
  }
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

export function hasLineBreak(value: string): boolean {
  return /[\r\n\0]/.test(value);
}

/** Whether all characters are printable ASCII, or DEL. Checks four at a time, since most headers are, and few requests have none. */
export function isPlain(text: string): boolean {
  const { length } = text;
  let i = 0;
  /* eslint-disable no-bitwise -- one comparison for all four: what is below a space becomes negative */
  for (; i + 4 <= length; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    if (((a | b | c | d | (a - 0x20) | (b - 0x20) | (c - 0x20) | (d - 0x20)) >>> 7) !== 0) {
      return false;
    }
  }
  /* eslint-enable no-bitwise */
  for (; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7f) {
      return false;
    }
  }
  return true;
}

/** Checks four characters at a time, since the headers are the largest part of most requests. */
function isAscii(text: string): boolean {
  const { length } = text;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    // eslint-disable-next-line no-bitwise -- one comparison for all four
    if ((text.charCodeAt(i) | text.charCodeAt(i + 1) | text.charCodeAt(i + 2) | text.charCodeAt(i + 3)) > 0x7f) {
      return false;
    }
  }
  for (; i < length; i++) {
    if (text.charCodeAt(i) > 0x7f) {
      return false;
    }
  }
  return true;
}

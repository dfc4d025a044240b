import { isUtf8 } from 'node:buffer';
import { validateHeaderValue } from 'node:http';

/**
 * A header value as `http.Server` returns it: one character for each byte that was sent.
 * Events contain decoded text, so non-ASCII characters (Cloudflare's `cf-ipcity`) become their UTF-8 bytes again.
 */
export function toWireText(value: string): string {
  return isAscii(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
}

/**
 * The opposite: doors send text as UTF-8, so bytes that are UTF-8 become the text that they encode.
 *
 * @throws TypeError for a control character, which no server sends
 */
export function fromWireText(name: string, value: string): string {
  if (!NOT_PRINTABLE.test(value)) {
    return value;
  }
  // Node's check takes much longer, and few values need it.
  validateHeaderValue(name, value);
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

export function hasLineBreak(value: string): boolean {
  return /[\r\n\0]/.test(value);
}

// Regular expressions are compiled when they are first used, and a loop only after many requests: until then it takes ten times as long.
const NOT_PLAIN = /[^\x20-\x7f]/;
const NOT_ASCII = /[^\0-\x7f]/;
const NOT_PRINTABLE = /[^\x20-\x7e]/;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Whether all characters are printable ASCII, or DEL. */
export function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text);
}

/** Whether the text can be a method or the name of a header: RFC 9110, 5.6.2. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

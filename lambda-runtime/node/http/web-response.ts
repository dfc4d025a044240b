import { isUtf8 } from 'node:buffer';

/** The status and headers of a response, free of the format they will be sent in. */
export interface ResponseHead {
  readonly status: number;
  readonly statusMessage: string;
  /** Lower-case names and their values in turn; a name may come again. */
  readonly headers: ResponseHeaders;
  /** A response to HEAD, or with a status that has no body: its `content-length` is the app's own affair. */
  readonly bodiless: boolean;
}

/** What the app answered, whole. */
export interface WebResponse extends ResponseHead {
  /** Text stands for its UTF-8 bytes. */
  readonly body: string | Uint8Array;
}

/** Lower-case name, value, lower-case name, value, … */
export type ResponseHeaders = Array<string | string[]>;

/** What one pass over the headers finds. */
export interface HeaderSummary {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** Where the value of `content-length` is, or -1. */
  contentLengthAt: number;
  /** Of names and values. */
  bytes: number;
}

/**
 * Looks at each header once. Values are the bytes that Node would send, one character each: where those are UTF-8, as of a
 * file name in `content-disposition`, they are replaced by the text that they spell, since doors send text as UTF-8.
 */
export function summarize(headers: ResponseHeaders): HeaderSummary {
  const summary: HeaderSummary = { contentType: undefined, contentEncoding: undefined, contentLengthAt: -1, bytes: 0 };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1];
    if (typeof value === 'string') {
      summary.bytes += name.length + value.length;
      if (BEYOND_ASCII.test(value)) {
        headers[i + 1] = spelledText(value);
      }
    } else {
      for (let k = 0; k < value.length; k++) {
        summary.bytes += name.length + value[k].length;
        if (BEYOND_ASCII.test(value[k])) {
          value[k] = spelledText(value[k]);
        }
      }
    }
    switch (name) {
      case 'content-type':
        summary.contentType ??= firstOf(value);
        break;
      case 'content-encoding':
        summary.contentEncoding ??= firstOf(value);
        break;
      case 'content-length':
        summary.contentLengthAt = i + 1;
        break;
    }
  }
  return summary;
}

const BEYOND_ASCII = /[^\u0000-\u007f]/;

function spelledText(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

function firstOf(value: string | string[]): string {
  return typeof value === 'string' ? value : value[0];
}

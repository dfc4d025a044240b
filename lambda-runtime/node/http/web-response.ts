import { fromWireText } from './header-text';

/** The status and headers of a response, independent of the format of the result. */
export interface ResponseHead {
  readonly status: number;
  readonly statusMessage: string;
  /** Lower-case names and values alternate. */
  readonly headers: ResponseHeaders;
  /** A response to HEAD, or with a status that has no body: its `content-length` is the one of the app. */
  readonly bodiless: boolean;
}

/** The whole response of the app. */
export interface WebResponse extends ResponseHead {
  /** Text is encoded as UTF-8. */
  readonly body: string | Uint8Array;
  /** The bytes of the body, if they were counted already. */
  readonly length?: number;
}

/** Lower-case name, value, lower-case name, value, … Each name comes once; several values of it are an array. */
export type ResponseHeaders = Array<string | string[]>;

/** Adds the value of a name that may have one already. */
export function appendHeader(headers: ResponseHeaders, name: string, value: string | string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === name) {
      headers[i + 1] = [headers[i + 1], value].flat();
      return;
    }
  }
  headers.push(name, value);
}

/** The result of one pass over the headers. */
export interface HeaderSummary {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** The index of the value of `content-length`, or -1. */
  contentLengthAt: number;
  /** The bytes of all names and values. */
  bytes: number;
}

/**
 * Reads each header once. Each character of a value is one byte that Node would send. If these bytes are UTF-8, such as a
 * file name in `content-disposition`, they are replaced by the decoded text, since doors encode text as UTF-8.
 *
 * @throws TypeError for a value that no server could send
 */
export function summarize(headers: ResponseHeaders): HeaderSummary {
  const summary: HeaderSummary = { contentType: undefined, contentEncoding: undefined, contentLengthAt: -1, bytes: 0 };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1];
    if (typeof value === 'string') {
      summary.bytes += name.length + value.length;
      const text = fromWireText(name, value);
      if (text !== value) {
        headers[i + 1] = text;
      }
    } else {
      for (let k = 0; k < value.length; k++) {
        summary.bytes += name.length + value[k].length;
        value[k] = fromWireText(name, value[k]);
      }
    }
    switch (name) {
      case 'content-type':
        summary.contentType = firstOf(value);
        break;
      case 'content-encoding':
        summary.contentEncoding = firstOf(value);
        break;
      case 'content-length':
        summary.contentLengthAt = i + 1;
        break;
    }
  }
  return summary;
}

function firstOf(value: string | string[]): string {
  return typeof value === 'string' ? value : value[0];
}

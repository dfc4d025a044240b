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

/** What is told by one look through the headers, of which a response may have many. */
export interface HeaderSummary {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** Where the value of `content-length` is, or -1. */
  contentLengthAt: number;
  /** Of names and values. */
  bytes: number;
}

export function summarize(headers: ResponseHeaders): HeaderSummary {
  const summary: HeaderSummary = { contentType: undefined, contentEncoding: undefined, contentLengthAt: -1, bytes: 0 };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1];
    if (typeof value === 'string') {
      summary.bytes += name.length + value.length;
    } else {
      for (const each of value) {
        summary.bytes += name.length + each.length;
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

function firstOf(value: string | string[]): string {
  return typeof value === 'string' ? value : value[0];
}

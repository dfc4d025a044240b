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

/** The first value of a header, or undefined. */
export function firstHeader(headers: ResponseHeaders, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === name) {
      const value = headers[i + 1];
      return typeof value === 'string' ? value : value[0];
    }
  }
  return undefined;
}

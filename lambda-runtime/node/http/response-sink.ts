import { ResponseHeaders } from './web-response';

/**
 * Whoever writes a response. An object and not functions: V8 puts a function that is assigned to a property into memory that
 * only a full garbage collection looks at, where it would keep its request.
 */
export interface ResponseWriter {
  /** It may continue to write. */
  onDrain(): void;
  /** The client no longer waits for the response. */
  onAbandoned(): void;
  /** The last callback was called that a sealed response had still to call. */
  onFlushed?(): void;
}

/** Receives the response of an app in parts. The implementations are in `respond/`. */
export interface ResponseSink {
  /** Whether each part is sent when it is written. Otherwise the whole response is sent at the end. */
  readonly streams: boolean;
  /** How many bytes may be written before `write` returns false. Not every sink uses it. */
  highWaterMark?: number;
  /** The one that the sink tells of this. */
  writer: ResponseWriter | undefined;
  /**
   * The status line and headers are final. Called once, before anything else.
   * @param length the bytes of the body, if it comes as one part and was counted already
   */
  head(status: number, statusMessage: string, headers: ResponseHeaders, bodiless: boolean, length?: number): void;
  /**
   * Writes a part of the body. Text is encoded as UTF-8.
   * @returns false if the app should wait for `writer.onDrain()`
   */
  write(chunk: string | Uint8Array, onFlushed?: () => void): boolean;
  /** Sends the head if there is no body yet. `onFlushed` is called after all earlier parts are flushed. */
  flush(onFlushed?: () => void): void;
  /**
   * The response is complete: from now on the app may reuse its buffers.
   * @returns whether callbacks are still to be called, and `writer.onFlushed()` after them
   */
  seal(): boolean;
  /** Sends the response. Seals it first, if that was not done. */
  end(): void;
  /** The connection closed before the response was complete, because of an error if the app gave one. */
  abort(error?: Error): void;
}

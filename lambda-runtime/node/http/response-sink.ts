import { ResponseHeaders } from './web-response';

/** Receives the response of an app in parts. The implementations are in `respond/`. */
export interface ResponseSink {
  /** Whether each part is sent when it is written. Otherwise the whole response is sent at the end. */
  readonly streams: boolean;
  /** How many bytes may be written before `write` returns false. Not every sink uses it. */
  highWaterMark?: number;
  /** Called by the sink when the app may continue to write. */
  onDrain?: () => void;
  /** Called by the sink when the client no longer waits for the response. */
  onAbandoned?: () => void;
  /**
   * The status line and headers are final. Called once, before anything else.
   * @param length the bytes of the body, if it comes as one part and was counted already
   */
  head(status: number, statusMessage: string, headers: ResponseHeaders, bodiless: boolean, length?: number): void;
  /**
   * Writes a part of the body. Text is encoded as UTF-8.
   * @returns false if the app should wait for `onDrain`
   */
  write(chunk: string | Uint8Array, onFlushed?: () => void): boolean;
  /** Sends the head if there is no body yet. `onFlushed` is called after all earlier parts are flushed. */
  flush(onFlushed?: () => void): void;
  /** The response is complete: from now on the app may reuse its buffers. */
  seal(): void;
  /** Sends the response. Seals it first, if that was not done. */
  end(): void;
  /** The connection closed before the response was complete, because of an error if the app gave one. */
  abort(error?: Error): void;
}

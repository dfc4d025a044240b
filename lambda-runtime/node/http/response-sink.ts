import { ResponseHeaders } from './web-response';

/** Where an app's answer goes, piece by piece; what happens to it there is the business of `respond/`. */
export interface ResponseSink {
  /** Whether pieces travel as they are written; otherwise the whole is sent at the end. */
  readonly streams: boolean;
  /** How many bytes may be written before `write` returns false, where the sink lets that be chosen. */
  highWaterMark?: number;
  /** Called by the sink when the app may write on. */
  onDrain?: () => void;
  /** Called by the sink when nobody waits for the response any more. */
  onAbandoned?: () => void;
  /** The status line and headers are final. Called once, before anything else. */
  head(status: number, statusMessage: string, headers: ResponseHeaders, bodiless: boolean): void;
  /**
   * A piece of the body. Text stands for its UTF-8 bytes.
   * @returns false where the app should wait for `onDrain`
   */
  write(chunk: string | Uint8Array, onFlushed?: () => void): boolean;
  /** Sends the head where there is no body yet; what was written before is flushed first. */
  flush(onFlushed?: () => void): void;
  /** The response is whole: the app may do with its buffers what it likes. */
  seal(): void;
  /** The response goes out. Seals it, if nobody has yet. */
  end(): void;
  /** The connection closed before the response was whole. */
  abort(): void;
}

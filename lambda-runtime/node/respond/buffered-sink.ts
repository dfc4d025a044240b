import { ResponseSink } from '../http/response-sink';
import { ResponseHeaders, WebResponse } from '../http/web-response';

/** Receives the response that a `BufferedSink` collects. */
export interface Recipient {
  /** Gets the sealed response. After this method returns, the app may overwrite the bytes of the body. */
  take(response: WebResponse): void;
  /** Sends the response. */
  deliver(): void;
  /** The connection closed before the response was complete. */
  aborted(): void;
}

/** Collects a response until it is complete. */
export class BufferedSink implements ResponseSink {
  public readonly streams = false;
  /** The bytes after which `write` returns false, as on a socket: apps that wait for 'drain' behave the same. */
  public highWaterMark = 16 * 1024;
  public onDrain: (() => void) | undefined;
  public onAbandoned: (() => void) | undefined;
  private status = 0;
  private statusMessage = '';
  private headers: ResponseHeaders = [];
  private bodiless = false;
  private first: string | Uint8Array | undefined;
  private rest: Array<string | Uint8Array> | undefined;
  private pending = 0;
  private sealed = false;

  constructor(private readonly recipient: Recipient) {}

  public head(status: number, statusMessage: string, headers: ResponseHeaders, bodiless: boolean): void {
    this.status = status;
    this.statusMessage = statusMessage;
    this.headers = headers;
    this.bodiless = bodiless;
  }

  public write(chunk: string | Uint8Array, onFlushed?: () => void): boolean {
    if (this.first === undefined) {
      this.first = chunk;
    } else {
      (this.rest ??= []).push(chunk);
    }
    if (onFlushed !== undefined) {
      process.nextTick(flushed, this, chunk, onFlushed);
    }
    this.pending += chunk.length;
    if (this.pending < this.highWaterMark) {
      return true;
    }
    this.pending = 0;
    process.nextTick(drained, this);
    return false;
  }

  /** The head is sent together with the body. */
  public flush(onFlushed?: () => void): void {
    if (onFlushed !== undefined) {
      process.nextTick(onFlushed);
    }
  }

  public seal(): void {
    if (!this.sealed) {
      this.sealed = true;
      this.recipient.take({
        status: this.status,
        statusMessage: this.statusMessage,
        headers: this.headers,
        body: this.body(),
        bodiless: this.bodiless,
      });
    }
  }

  public end(): void {
    this.seal();
    this.recipient.deliver();
  }

  public abort(): void {
    this.sealed = true;
    this.recipient.aborted();
  }

  /** Copies a chunk before its callback is called, since the app may then reuse the buffer. */
  public copyChunk(chunk: string | Uint8Array): void {
    if (this.sealed || typeof chunk === 'string') {
      return;
    }
    if (this.first === chunk) {
      this.first = Buffer.from(chunk);
    } else if (this.rest !== undefined) {
      this.rest[this.rest.lastIndexOf(chunk)] = Buffer.from(chunk);
    }
  }

  private body(): string | Uint8Array {
    const { first, rest } = this;
    if (rest === undefined) {
      return first ?? '';
    }
    const chunks = [first!, ...rest];
    if (chunks.every((chunk) => typeof chunk === 'string')) {
      return chunks.join('');
    }
    return Buffer.concat(chunks.map((chunk) => typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  }
}

function flushed(sink: BufferedSink, chunk: string | Uint8Array, onFlushed: () => void): void {
  sink.copyChunk(chunk);
  onFlushed();
}

function drained(sink: BufferedSink): void {
  sink.onDrain?.();
}

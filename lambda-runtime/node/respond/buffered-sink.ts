import { ResponseSink } from '../http/response-sink';
import { ResponseHeaders, WebResponse } from '../http/web-response';

/** Who a gathered response is for. */
export interface Recipient {
  /** Is given the whole response, whose bytes stay as they are only until this returns. */
  take(response: WebResponse): void;
  /** The response goes out. */
  deliver(): void;
  /** The connection closed before there was a response. */
  broken(): void;
}

/** Gathers a response until it is whole. */
export class BufferedSink implements ResponseSink {
  public readonly streams = false;
  /** As much as a socket takes before `write` returns false: apps that wait for 'drain' see the same rhythm. */
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
  private whole = false;

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

  /** The head goes with the body. */
  public flush(onFlushed?: () => void): void {
    if (onFlushed !== undefined) {
      process.nextTick(onFlushed);
    }
  }

  public seal(): void {
    if (!this.whole) {
      this.whole = true;
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
    this.whole = true;
    this.recipient.broken();
  }

  /** Once it hears that a chunk is flushed, an app may use its buffer for something else. */
  public own(chunk: string | Uint8Array): void {
    if (this.whole || typeof chunk === 'string') {
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
  sink.own(chunk);
  onFlushed();
}

function drained(sink: BufferedSink): void {
  sink.onDrain?.();
}

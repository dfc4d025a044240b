import { ResponseSink, ResponseWriter } from '../http/response-sink';
import { ResponseHeaders, WebResponse } from '../http/web-response';

/** Receives the response that a `BufferedSink` collects. */
export interface Recipient {
  /** Gets the sealed response. After this method returns, the app may overwrite the bytes of the body. */
  take(response: WebResponse): void;
  /** Sends the response. */
  deliver(): void;
  /** The connection closed before the response was complete. */
  aborted(error?: Error): void;
  /** The body is larger than the door accepts, in any encoding. What the app still writes is discarded. */
  overflowed(): void;
  /** The app still writes after the deadline. */
  expired(): void;
}

/** How many chunks are written between two looks at the clock. */
const CLOCK_CHUNKS = 16;

/** The longest time that an app writes in one turn of the event loop, in milliseconds, if it waits for 'drain'. */
const TURN_MS = 5;

/** Collects a response until it is complete. */
export class BufferedSink implements ResponseSink {
  public readonly streams = false;
  /** The bytes after which `write` returns false, as on a socket: apps that wait for 'drain' behave the same. */
  public highWaterMark = 16 * 1024;
  public writer: ResponseWriter | undefined;
  private status = 0;
  private statusMessage = '';
  private headers: ResponseHeaders = [];
  private bodiless = false;
  private length: number | undefined = undefined;
  private first: string | Uint8Array | undefined;
  private rest: Array<string | Uint8Array> | undefined;
  private pending = 0;
  private size = 0;
  private sealed = false;
  /** How many callbacks are still to be called. */
  private unflushed = 0;
  /** Whether the writer waits until they are. */
  private tellsWriter = false;
  /** When the app last waited for a turn of the event loop. */
  private turnAt = 0;

  /**
   * @param limit the bytes of the largest body
   * @param deadline in milliseconds since the epoch
   */
  constructor(private readonly recipient: Recipient, private readonly limit: number, private readonly deadline: number) {}

  public head(status: number, statusMessage: string, headers: ResponseHeaders, bodiless: boolean, length?: number): void {
    this.status = status;
    this.statusMessage = statusMessage;
    this.headers = headers;
    this.bodiless = bodiless;
    this.length = length;
  }

  public write(chunk: string | Uint8Array, onFlushed?: () => void): boolean {
    // Text has at least as many bytes as characters.
    this.size += chunk.length;
    if (this.size > this.limit) {
      this.giveUp();
      this.recipient.overflowed();
      return false;
    }
    if (this.first === undefined) {
      this.first = chunk;
    } else {
      const chunks = (this.rest ??= []).push(chunk);
      // An app that writes without a pause leaves no turn to the timer of the deadline.
      if (chunks % CLOCK_CHUNKS === 0 && Date.now() > this.deadline) {
        this.giveUp();
        this.recipient.expired();
        return false;
      }
    }
    if (onFlushed !== undefined) {
      this.unflushed++;
      process.nextTick(flushed, this, chunk, onFlushed);
    }
    this.pending += chunk.length;
    if (this.pending < this.highWaterMark) {
      return true;
    }
    this.pending = 0;
    this.scheduleDrain();
    return false;
  }

  /** The head is sent together with the body. */
  public flush(onFlushed?: () => void): void {
    if (onFlushed !== undefined) {
      this.unflushed++;
      process.nextTick(flushed, this, '', onFlushed);
    }
  }

  public seal(): boolean {
    if (!this.sealed) {
      this.sealed = true;
      this.recipient.take({
        status: this.status,
        statusMessage: this.statusMessage,
        headers: this.headers,
        body: this.body(),
        bodiless: this.bodiless,
        length: this.rest === undefined ? this.length : undefined,
      });
    }
    this.tellsWriter = this.unflushed > 0;
    return this.tellsWriter;
  }

  public end(): void {
    this.seal();
    this.recipient.deliver();
  }

  public abort(error?: Error): void {
    this.sealed = true;
    this.recipient.aborted(error);
  }

  public flushed(chunk: string | Uint8Array, onFlushed: () => void): void {
    this.copyChunk(chunk);
    this.unflushed--;
    try {
      onFlushed();
    } finally {
      if (this.tellsWriter && this.unflushed === 0) {
        this.tellsWriter = false;
        this.writer?.onFlushed?.();
      }
    }
  }

  /** Copies a chunk before its callback is called, since the app may then reuse the buffer. */
  private copyChunk(chunk: string | Uint8Array): void {
    if (this.sealed || typeof chunk === 'string') {
      return;
    }
    if (this.first === chunk) {
      this.first = Buffer.from(chunk);
    } else if (this.rest !== undefined) {
      this.rest[this.rest.lastIndexOf(chunk)] = Buffer.from(chunk);
    }
  }

  /**
   * 'drain' comes at once, but an app that writes for long gets it in a new turn of the event loop, as from a socket:
   * timers would not run otherwise.
   */
  private scheduleDrain(): void {
    const now = Date.now();
    this.turnAt ||= now;
    if (now - this.turnAt < TURN_MS) {
      process.nextTick(drained, this);
    } else {
      this.turnAt = 0;
      setImmediate(drained, this);
    }
  }

  /** Frees the memory of a response that nobody will get. */
  private giveUp(): void {
    this.sealed = true;
    this.first = this.rest = undefined;
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
  sink.flushed(chunk, onFlushed);
}

function drained(sink: BufferedSink): void {
  sink.writer?.onDrain();
}

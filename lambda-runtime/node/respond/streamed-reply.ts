import { dropForbiddenLength } from './complete-headers';
import { errorPage, levelOf } from './error-page';
import { guessType } from './guess-type';
import { STREAM_LIMIT, overHeaderLimit, unsendableStatus } from './limits';
import { withCause } from './with-cause';
import { HttpEventFormat } from '../events/event-format';
import { ResponseSink, ResponseWriter } from '../http/response-sink';
import { ResponseHead, ResponseHeaders, WebResponse, summarize } from '../http/web-response';
import { settleStreamed } from '../invocations/background-work';
import { Invocation } from '../invocations/invocation';
import { log } from '../invocations/log';
import { Reply } from '../invocations/reply';

/**
 * The stream that Lambda's runtime client passes to streaming handlers. It is not a full Writable: `destroy` ends the
 * process, and most events are not emitted.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export interface LambdaStream {
  write(chunk: string | Uint8Array, encoding?: BufferEncoding, callback?: () => void): boolean;
  end(): void;
  on(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): unknown;
  setContentType(type: string): void;
}

/** The global object that Lambda's runtime client defines before it loads a handler. */
export interface AwsLambda {
  readonly HttpResponseStream: { from(stream: LambdaStream, prelude: object): LambdaStream };
  streamifyResponse<T>(handler: T): T;
}

/** Sends each part of the response when the app writes it, for Function URLs and REST APIs that stream. */
export class StreamedReply implements Reply, ResponseSink {
  public readonly streams = true;
  public readonly sink = this;
  public writer: ResponseWriter | undefined;
  private response: ResponseHead | undefined;
  private started = false;
  /** Whether the client gets an error page instead of the app's response. */
  private replaced = false;
  private unflushed = 0;
  /** The characters and bytes of the unflushed chunks. */
  private backlog = 0;
  private onAllFlushed: (() => void) | undefined;

  constructor(
    private readonly invocation: Invocation,
    private readonly format: HttpEventFormat,
    private readonly awslambda: AwsLambda,
    private stream: LambdaStream,
    private readonly resolve: () => void,
    private readonly reject: (error: Error) => void,
  ) {
    stream.on('drain', () => this.writer?.onDrain());
    stream.on('error', (error) => this.connectionLost(error));
  }

  public head(status: number, statusMessage: string, headers: ResponseHeaders, bodiless: boolean): void {
    this.response = { status, statusMessage, headers, bodiless };
  }

  public write(chunk: string | Uint8Array, onFlushed?: () => void): boolean {
    if (chunk.length === 0 && !this.started && !this.response!.headers.includes('content-type')) {
      // An empty chunk does not show the content type.
      if (onFlushed !== undefined) {
        process.nextTick(onFlushed);
      }
      return true;
    }
    if (this.invocation.settled) {
      return false;
    }
    // An app that writes without a pause leaves no turn to the timer of the deadline.
    if (!this.replaced && Date.now() > this.invocation.deadline) {
      this.invocation.expire();
      return false;
    }
    if (!this.start(chunk)) {
      return false;
    }
    this.unflushed++;
    this.backlog += chunk.length;
    if (this.backlog > STREAM_LIMIT) {
      this.fail(502, `more than ${STREAM_LIMIT} bytes of the response wait for their reader; stop writing when write() returns false, until 'drain'`);
      return false;
    }
    return this.stream.write(chunk, undefined, () => {
      onFlushed?.();
      this.backlog -= chunk.length;
      if (--this.unflushed === 0) {
        this.onAllFlushed?.();
      }
    });
  }

  public flush(onFlushed?: () => void): void {
    if (!this.started && !this.invocation.settled && this.start(undefined)) {
      // The stream sends the head with the first write.
      this.stream.write('');
    }
    if (this.unflushed > 0) {
      this.onAllFlushed = onFlushed;
    } else if (onFlushed !== undefined) {
      process.nextTick(onFlushed);
    }
  }

  public seal(): boolean {
    // Written parts are already sent.
    return false;
  }

  public end(): void {
    if (this.invocation.settled) {
      return;
    }
    this.flush();
    this.invocation.settle();
    this.stream.end();
    settleStreamed(this.invocation, this.resolve);
  }

  public abort(error?: Error): void {
    this.fail(502, 'the app closed the connection before the response was complete', error);
  }

  /**
   * After the first byte the response can only be broken off, so that the client sees that it is incomplete.
   * Lambda's runtime client does this when a handler rejects, and also writes the log entry.
   */
  public fail(status: number, problem: string, error?: unknown): void {
    const { invocation } = this;
    if (invocation.settled) {
      return;
    }
    if (this.started) {
      invocation.settle();
      const { method, path } = invocation.subject;
      this.reject(withCause(`${method} ${path}: ${problem}; the response broke off`, error));
      this.writer?.onAbandoned();
    } else {
      log(levelOf(status), `${problem}; the client gets ${status}`, { ...invocation.subject, status }, error);
      this.sendInstead(errorPage(invocation.request.method, status));
    }
  }

  /** Sends this page instead of the app's response, of which nothing has been sent. */
  private sendInstead(page: WebResponse): void {
    this.replaced = true;
    this.response = page;
    this.write(page.body);
    this.end();
    this.writer?.onAbandoned();
  }

  /**
   * Starts the response: the stream sends the head with the next write.
   *
   * @returns false if the headers are too large: then an error page was sent instead
   */
  private start(chunk: string | Uint8Array | undefined): boolean {
    if (this.started) {
      return true;
    }
    const { event, request, subject } = this.invocation;
    const response = this.response!;
    const summary = summarize(response.headers);
    const badStatus = unsendableStatus(response.status);
    if (badStatus !== undefined) {
      log('error', `${badStatus}; the client gets 500`, { ...subject, status: 500 });
      this.sendInstead(errorPage(request.method, 500));
      return false;
    }
    const problem = overHeaderLimit(summary.bytes, request.source);
    if (problem !== undefined) {
      log('error', `${problem}; the client gets 502`, { ...subject, status: 502 });
      this.sendInstead(errorPage(request.method, 502, problem));
      return false;
    }
    this.started = true;
    dropForbiddenLength(response, summary);
    if (chunk !== undefined && !response.bodiless && summary.contentType === undefined) {
      response.headers.push('content-type', guessType(chunk, summary.contentEncoding));
    }
    this.stream = this.awslambda.HttpResponseStream.from(this.stream, this.format.renderHead(response, event));
    return true;
  }

  private connectionLost(error: Error | undefined): void {
    if (!this.invocation.settled) {
      log('warn', 'the connection to the client was lost before the response was complete', this.invocation.subject, error);
      this.invocation.settle();
      this.reject(error ?? new Error('the connection to the client was lost'));
      this.writer?.onAbandoned();
    }
  }
}

import { dropForbiddenLength } from './complete-headers';
import { errorPage } from './error-page';
import { overHeaderLimit } from './limits';
import { HttpEventFormat } from '../events/event-format';
import { ResponseSink } from '../http/response-sink';
import { ResponseHead, ResponseHeaders, WebResponse, summarize } from '../http/web-response';
import { Invocation } from '../invocations/invocation';
import { log } from '../invocations/log';
import { Reply } from '../invocations/reply';

/**
 * The stream that Lambda's client gives to streaming handlers. It looks like a Writable and is none: `destroy` on it
 * ends the process, and it is silent about most of what happens to it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export interface LambdaStream {
  write(chunk: string | Uint8Array, encoding?: BufferEncoding, callback?: () => void): boolean;
  end(): void;
  on(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): unknown;
  setContentType(type: string): void;
}

/** What Lambda's client puts into the global scope before it loads a handler. */
export interface AwsLambda {
  readonly HttpResponseStream: { from(stream: LambdaStream, prelude: object): LambdaStream };
  streamifyResponse<T>(handler: T): T;
}

/** An answer whose pieces travel as the app writes them: Function URLs and REST APIs that stream. */
export class StreamedReply implements Reply, ResponseSink {
  public readonly streams = true;
  public readonly sink = this;
  public onDrain: (() => void) | undefined;
  public onAbandoned: (() => void) | undefined;
  private response: ResponseHead | undefined;
  private begun = false;
  private unflushed = 0;
  private onAllFlushed: (() => void) | undefined;

  constructor(
    private readonly invocation: Invocation,
    private readonly format: HttpEventFormat,
    private readonly awslambda: AwsLambda,
    private stream: LambdaStream,
    private readonly resolve: () => void,
    private readonly reject: (error: Error) => void,
  ) {
    stream.on('drain', () => this.onDrain?.());
    stream.on('error', (error) => this.lost(error));
  }

  public head(status: number, statusMessage: string, headers: ResponseHeaders, bodiless: boolean): void {
    this.response = { status, statusMessage, headers, bodiless };
  }

  public write(chunk: string | Uint8Array, onFlushed?: () => void): boolean {
    if (this.invocation.settled || !this.begin(chunk)) {
      return false;
    }
    this.unflushed++;
    return this.stream.write(chunk, undefined, () => {
      onFlushed?.();
      if (--this.unflushed === 0) {
        this.onAllFlushed?.();
      }
    });
  }

  public flush(onFlushed?: () => void): void {
    if (!this.begun && !this.invocation.settled && this.begin(undefined)) {
      // Only a write sends the head.
      this.stream.write('');
    }
    if (this.unflushed > 0) {
      this.onAllFlushed = onFlushed;
    } else if (onFlushed !== undefined) {
      process.nextTick(onFlushed);
    }
  }

  public seal(): void {
    // What was written is on its way.
  }

  public end(): void {
    if (this.invocation.settled) {
      return;
    }
    this.flush();
    this.invocation.settle();
    this.stream.end();
    this.resolve();
  }

  public abort(): void {
    this.fail(502, 'the app closed the connection before its response was whole');
  }

  /**
   * After the first byte, all that is left is to break off: the client must see that something is missing.
   * Lambda's client does that when a handler rejects, and writes the log entry.
   */
  public fail(status: number, problem: string, error?: unknown): void {
    const { invocation } = this;
    if (invocation.settled) {
      return;
    }
    if (this.begun) {
      invocation.settle();
      const { method, path } = invocation.subject;
      this.reject(withCause(`${method} ${path}: ${problem}; the response broke off`, error));
      this.onAbandoned?.();
    } else {
      log('error', `${problem}; the client gets ${status}`, invocation.subject, error);
      this.replace(errorPage(invocation.request.method, status));
    }
  }

  /** Sends another response while nothing of the app's has been sent. */
  private replace(page: WebResponse): void {
    this.response = page;
    this.write(page.body);
    this.end();
    this.onAbandoned?.();
  }

  /**
   * Sends the head before the first byte of the body.
   *
   * @returns false where the door does not take the head: the client has another response then
   */
  private begin(chunk: string | Uint8Array | undefined): boolean {
    if (this.begun) {
      return true;
    }
    const { event, request, subject } = this.invocation;
    const response = this.response!;
    const summary = summarize(response.headers);
    const problem = overHeaderLimit(summary.bytes, request.source);
    if (problem !== undefined) {
      log('error', `${problem}; the client gets 502`, subject);
      this.replace(errorPage(request.method, 502, problem));
      return false;
    }
    this.begun = true;
    dropForbiddenLength(response, summary);
    if (chunk !== undefined && !response.bodiless && summary.contentType === undefined) {
      response.headers.push('content-type', typeof chunk === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream');
    }
    this.stream = this.awslambda.HttpResponseStream.from(this.stream, this.format.renderHead(response, event));
    return true;
  }

  private lost(error: Error | undefined): void {
    if (!this.invocation.settled) {
      log('warn', 'the connection to the client was lost before the response was whole', this.invocation.subject, error);
      this.invocation.settle();
      this.reject(error ?? new Error('the connection to the client was lost'));
      this.onAbandoned?.();
    }
  }
}

/** Lambda's client shows the stack of an error, and not what caused it. */
function withCause(message: string, cause: unknown): Error {
  const error = new Error(message, { cause });
  if (cause instanceof Error) {
    error.stack = `${error.name}: ${message}\ncaused by: ${cause.stack}`;
  }
  return error;
}

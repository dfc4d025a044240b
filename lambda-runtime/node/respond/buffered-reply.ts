import { BufferedSink, Recipient } from './buffered-sink';
import { completeHeaders } from './complete-headers';
import { EncodedBody, encodeBody, inBase64 } from './encode-body';
import { errorPage, levelOf } from './error-page';
import { overBodyLimit, overHeaderLimit, overResultLimit, resultLimit, unsendableStatus } from './limits';
import { HttpEventFormat, Result } from '../events/event-format';
import { WebResponse, summarize } from '../http/web-response';
import { settleBuffered } from '../invocations/background-work';
import { Invocation } from '../invocations/invocation';
import { log } from '../invocations/log';
import { Reply } from '../invocations/reply';
import { Settings } from '../settings/settings';

/** Sends the whole response at once, for all doors that do not stream. */
export class BufferedReply implements Reply, Recipient {
  public readonly sink: BufferedSink;
  private result: Result | undefined;
  private error: unknown;

  constructor(
    protected readonly invocation: Invocation,
    private readonly format: HttpEventFormat,
    private readonly settings: Settings,
    private readonly resolve: (result: Result) => void,
  ) {
    this.sink = new BufferedSink(this, resultLimit(invocation.request.source), invocation.deadline);
  }

  public fail(status: number, problem: string, error?: unknown): void {
    if (!this.invocation.settled) {
      this.logFailure(status, problem, error);
      this.settle(this.render(errorPage(this.invocation.request.method, status)));
      this.sink.writer?.onAbandoned();
    }
  }

  public take(response: WebResponse): void {
    if (this.invocation.settled) {
      return;
    }
    try {
      this.result = this.render(response);
    } catch (error) {
      this.error = error;
    }
  }

  public deliver(): void {
    if (!this.invocation.settled) {
      this.settle(this.result ?? this.errorResult());
    }
  }

  public aborted(error?: Error): void {
    this.fail(502, 'the app closed the connection before the response was complete', error);
  }

  public overflowed(): void {
    if (this.invocation.settled) {
      return;
    }
    this.error = new RangeError(overBodyLimit(this.invocation.request.source));
    this.settle(this.errorResult());
    this.sink.writer?.onAbandoned();
  }

  public expired(): void {
    this.invocation.expire();
  }

  protected logFailure(status: number, problem: string, error?: unknown): void {
    log(levelOf(status), `${problem}; the client gets ${status}`, { ...this.invocation.subject, status }, error);
  }

  private settle(result: Result): void {
    this.invocation.settle();
    settleBuffered(this.invocation, this.resolve, result);
  }

  /** The result for the client when the response of the app cannot be sent. */
  private errorResult(): Result {
    const { error } = this;
    const isTooLarge = error instanceof RangeError;
    const status = isTooLarge ? 502 : 500;
    log('error', `the response cannot be sent; the client gets ${status}`, { ...this.invocation.subject, status }, error);
    return this.render(errorPage(this.invocation.request.method, status, isTooLarge ? error.message : undefined));
  }

  /** @throws RangeError if the response is larger than the door accepts */
  private render(response: WebResponse): Result {
    const { format, invocation: { event, request } } = this;
    const badStatus = unsendableStatus(response.status);
    if (badStatus !== undefined) {
      throw new Error(badStatus);
    }
    const summary = summarize(response.headers);
    const body = encodeBody(response, summary, this.settings);
    completeHeaders(response, summary, body, format.setsContentLength);
    const tooManyHeaders = overHeaderLimit(summary.bytes, request.source);
    if (tooManyHeaders !== undefined) {
      throw new RangeError(tooManyHeaders);
    }
    const result = format.renderHead(response, event);
    const tooLarge = this.fill(result, body, summary.bytes);
    if (tooLarge === undefined) {
      return result;
    }
    if (!body.isBase64 && this.settings.binarySupport !== false && this.fill(result, inBase64(body), summary.bytes) === undefined) {
      return result;
    }
    throw new RangeError(tooLarge);
  }

  /** @returns an error message if the result is too large */
  private fill(result: Result, body: EncodedBody, headerBytes: number): string | undefined {
    result.body = body.text;
    result.isBase64Encoded = body.isBase64;
    return overResultLimit(result, body, headerBytes, this.invocation.request.source);
  }
}

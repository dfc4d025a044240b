import { BufferedSink } from './buffered-sink';
import { completeHeaders } from './complete-headers';
import { overLimit } from './limits';
import { Reply, errorPage } from './reply';
import { Result } from '../events/event-format';
import { EncodedBody, encodeBody, inBase64 } from '../events/response-body';
import { Invocation } from '../invocation';
import { log } from '../log';
import { Settings } from '../settings';
import { ResponseHead, WebResponse } from '../web-response';

/** An answer that is sent as a whole: what every door but a streaming one takes. */
export class BufferedReply implements Reply {
  public readonly sink: BufferedSink;

  constructor(
    private readonly invocation: Invocation,
    private readonly settings: Settings,
    private readonly resolve: (result: Result) => void,
  ) {
    this.sink = new BufferedSink((response) => this.answer(response));
  }

  public fail(status: number, problem: string, error?: unknown): void {
    if (!this.invocation.settled) {
      log('error', `${problem}; the client gets ${status}`, this.invocation.subject, error);
      this.settle(errorPage(status));
      this.sink.onAbandoned?.();
    }
  }

  private answer(response: WebResponse | undefined): void {
    if (response === undefined) {
      this.fail(502, 'the app closed the connection before its response was whole');
    } else if (!this.invocation.settled) {
      this.settle(response);
    }
  }

  private settle(response: WebResponse): void {
    this.invocation.settle();
    let result: Result;
    try {
      result = this.render(response);
    } catch (error) {
      const status = error instanceof RangeError ? 502 : 500;
      log('error', `the response cannot be sent; the client gets ${status}`, this.invocation.subject, error);
      result = this.render(errorPage(status, error instanceof RangeError ? error.message : undefined));
    }
    this.resolve(result);
  }

  /** @throws RangeError where the response is larger than its door takes */
  private render(response: WebResponse): Result {
    const { format, event } = this.invocation;
    const body = encodeBody(response, this.settings);
    completeHeaders(response, body, format.setsContentLength);
    const result = format.renderHead(response, event);
    const problem = this.fill(result, body, response);
    if (problem === undefined) {
      return result;
    }
    if (!body.isBase64 && this.settings.binarySupport !== false && this.fill(result, inBase64(body), response) === undefined) {
      return result;
    }
    throw new RangeError(problem);
  }

  /** @returns what is too large about the result, if anything */
  private fill(result: Result, body: EncodedBody, head: ResponseHead): string | undefined {
    result.body = body.text;
    result.isBase64Encoded = body.isBase64;
    return overLimit(result, body, head, this.invocation.request.source);
  }
}

import { BufferedSink } from './buffered-sink';
import { completeHeaders } from './complete-headers';
import { overLimit } from './limits';
import { Reply, errorPage } from './reply';
import { Result } from '../events/event-format';
import { encodeBody } from '../events/response-body';
import { Invocation } from '../invocation';
import { log } from '../log';
import { Settings } from '../settings';
import { WebResponse } from '../web-response';

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
    const { format, event, request } = this.invocation;
    const body = encodeBody(response, this.settings);
    completeHeaders(response, body, format.setsContentLength);
    const result = format.renderHead(response, event);
    result.body = body.text;
    result.isBase64Encoded = body.isBase64;
    const problem = overLimit(result, body, response, request.source);
    if (problem !== undefined) {
      throw new RangeError(problem);
    }
    return result;
  }
}

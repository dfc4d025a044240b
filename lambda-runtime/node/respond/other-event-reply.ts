import { BufferedSink, Recipient } from './buffered-sink';
import { overBodyLimit, resultLimit } from './limits';
import { withCause } from './with-cause';
import { WebResponse } from '../http/web-response';
import { settleBuffered } from '../invocations/background-work';
import { Invocation } from '../invocations/invocation';
import { Reply } from '../invocations/reply';

/**
 * The answer to an event that is not HTTP. A 2xx response with a JSON body is the result of the invocation, which tells a
 * queue which messages failed. Any other response fails the invocation, so that the service retries the event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class OtherEventReply implements Reply, Recipient {
  public readonly sink: BufferedSink;
  private status = 0;
  private text = '';

  constructor(
    private readonly invocation: Invocation,
    private readonly resolve: (result: unknown) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.sink = new BufferedSink(this, resultLimit(invocation.request.source), invocation.deadline);
  }

  /** Writes no log entry, since Lambda's runtime client logs every failed invocation. */
  public fail(status: number, problem: string, error?: unknown): void {
    if (!this.invocation.settled) {
      this.invocation.settle();
      this.reject(withCause(`the event was not handled: ${problem} (${status})`, error));
      this.sink.writer?.onAbandoned();
    }
  }

  public take({ status, body }: WebResponse): void {
    this.status = status;
    this.text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  }

  public deliver(): void {
    const { invocation, status, text } = this;
    if (invocation.settled) {
      return;
    }
    if (status < 200 || status > 299) {
      this.fail(status, text);
      return;
    }
    let result: unknown;
    try {
      result = text.trim() === '' ? null : JSON.parse(text);
    } catch {
      this.fail(status, 'the body must be the invocation\'s result as JSON, or empty; answer with res.json(...) or res.end()');
      return;
    }
    invocation.settle();
    settleBuffered(invocation, this.resolve, result);
  }

  public aborted(error?: Error): void {
    this.fail(502, 'the app closed the connection before the response was complete', error);
  }

  public overflowed(): void {
    this.fail(502, overBodyLimit(this.invocation.request.source));
  }

  public expired(): void {
    this.invocation.expire();
  }
}

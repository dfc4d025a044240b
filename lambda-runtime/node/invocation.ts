import { EventFormat, LambdaEvent } from './events/event-format';
import { LambdaContext } from './lambda-context';
import { LogSubject } from './log';
import { WebRequest } from './web-request';

/** One event on its way through the app. */
export class Invocation {
  public settled = false;
  /** In milliseconds of `Date.now()`; infinite where no context tells. */
  public readonly deadline: number;

  constructor(
    public readonly event: LambdaEvent,
    public readonly context: LambdaContext | undefined,
    public readonly format: EventFormat,
    public readonly request: WebRequest,
    /** Answers for the app with an error page, where it cannot answer itself any more. */
    public fail: (status: number, reason: string) => void,
  ) {
    const remaining = context?.getRemainingTimeInMillis?.();
    this.deadline = remaining === undefined ? Infinity : Date.now() + remaining - marginOf(remaining);
  }

  public get subject(): LogSubject {
    const { method, target } = this.request;
    const query = target.indexOf('?');
    return { requestId: this.context?.awsRequestId, method, path: query < 0 ? target : target.slice(0, query) };
  }
}

/** How long before Lambda's own timeout the client is answered: enough to send the answer, little of the time that the app has. */
function marginOf(remaining: number): number {
  return Math.min(500, remaining / 10);
}

import { EventFormat, LambdaEvent } from './events/event-format';
import { InFlight } from './in-flight';
import { LambdaContext } from './lambda-context';
import { LogSubject } from './log';
import { Reply } from './respond/reply';
import { WebRequest } from './web-request';

/** One event on its way through the app. */
export class Invocation {
  /** Set as soon as it is clear what the answer is. */
  public settled = false;
  /** In milliseconds since the epoch; infinite where no context tells. */
  public readonly deadline: number;
  public reply!: Reply;

  constructor(
    public readonly event: LambdaEvent,
    public readonly context: LambdaContext | undefined,
    public readonly format: EventFormat,
    public readonly request: WebRequest,
    private readonly inFlight: InFlight,
  ) {
    const remaining = context?.getRemainingTimeInMillis?.();
    this.deadline = remaining === undefined ? Infinity : Date.now() + remaining - marginOf(remaining);
    inFlight.add(this);
  }

  public settle(): void {
    this.settled = true;
    this.inFlight.remove(this);
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

import { AsyncResource } from 'node:async_hooks';
import { currentInvocation } from './current-invocation';
import { InFlight } from './in-flight';
import { LambdaContext } from './lambda-context';
import { LogSubject } from './log';
import { Reply } from './reply';
import { LambdaEvent } from '../events/event-format';
import { WebRequest } from '../http/web-request';

/** How many invocations have begun. */
let begun = 0;

/** One event and its request, until it is answered. */
export class Invocation {
  /** Set as soon as the answer is decided. */
  public settled = false;
  private readonly number = ++begun;
  /** In milliseconds since the epoch. Infinity without a context. */
  public readonly deadline: number;
  public reply!: Reply;
  /** Whether the app has not started yet. The request waits for it. */
  public awaitsStart = false;
  /** Whether the request came past the CDN that the door is behind. */
  public isPastCdn = false;
  /** What the app does after the answer; undefined for most. */
  public work: Set<Promise<void>> | undefined;
  /** Whether the environment goes on after the answer until the work is done. */
  public outlivesAnswer = false;
  /** Whether nothing waits for work of this request any more. */
  public ended = false;
  /** The async context in which the runtime client calls the handler. It has the request id of log entries, where requests overlap. */
  private readonly client: AsyncResource | undefined;

  constructor(
    public readonly event: LambdaEvent,
    public readonly context: LambdaContext | undefined,
    public readonly request: WebRequest,
    private readonly inFlight: InFlight<Invocation>,
    overlaps: boolean = false,
  ) {
    this.client = overlaps ? new AsyncResource('wrapped-web-app.invocation') : undefined;
    const remaining = context?.getRemainingTimeInMillis?.();
    this.deadline = remaining === undefined ? Infinity : Date.now() + remaining - marginOf(remaining);
    inFlight.add(this);
  }

  /** Answers instead of the app, shortly before the function's timeout. */
  public expire(): void {
    this.fail(504, this.awaitsStart
      ? 'the app is still starting, and the function timeout is near; look for what its start waits for, such as a server that the function cannot reach'
      : 'the app has not answered, and the function timeout is near');
  }

  /** `reply.fail` from anywhere: what is logged, and what the app hears, belongs to this request and to no other. */
  public fail(status: number, problem: string, error?: unknown): void {
    const fail = () => currentInvocation.run(this, () => this.reply.fail(status, problem, error));
    this.client === undefined ? fail() : this.client.runInAsyncScope(fail);
  }

  public settle(): void {
    this.settled = true;
    this.inFlight.remove(this);
  }

  /**
   * Before Node 24 the runtime client gives the trace in a variable, which holds that of the invocation that began last. The variable is
   * read only for a log entry: to read one in each request would take longer than to read all headers.
   */
  private traceIdOfVariable(): string | undefined {
    return this.number === begun ? process.env._X_AMZN_TRACE_ID : undefined;
  }

  public get subject(): LogSubject {
    const { method, target, source } = this.request;
    const query = target.indexOf('?');
    return {
      requestId: this.context?.awsRequestId,
      traceId: this.context?.xRayTraceId ?? this.traceIdOfVariable(),
      door: source,
      method: printable(method),
      path: printable(query < 0 ? target : target.slice(0, query)),
    };
  }
}

/** Nothing that a client sent may begin a line of the log of its own. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The time before Lambda's timeout at which the client gets 504: enough to send the answer, but little of the app's time. */
function marginOf(remaining: number): number {
  return Math.min(500, remaining / 10);
}

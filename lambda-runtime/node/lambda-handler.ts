import { BufferedSink } from './respond/buffered';
import { WebApp } from './apps/web-app';
import { currentInvocation } from './current-invocation';
import { formatOf, notAnHttpEvent } from './events/detect';
import { EventFormat, LambdaEvent } from './events/event-format';
import { encodeBody } from './events/response-body';
import { Faults } from './faults';
import { InFlight } from './in-flight';
import { Invocation } from './invocation';
import { LambdaContext } from './lambda-context';
import { log } from './log';
import { overLimit } from './respond/limits';
import { Settings } from './settings';
import { WebResponse } from './web-response';
import { completeHeaders } from './respond/complete-headers';

/** A Lambda handler that returns its result. */
export type LambdaHandler = (event: any, context?: any) => Promise<object>;

const inFlight = new InFlight((invocation) => {
  log('error', 'the app has not answered, and Lambda would end the invocation soon; the client gets 504', invocation.subject);
  invocation.fail(504, 'Gateway Timeout');
});
const faults = new Faults(inFlight);

/** Puts an app behind Lambda's interface. The app may still be starting: a failed start is tried again on the next event. */
export function lambdaHandler(start: () => Promise<WebApp>, settings: Settings): LambdaHandler {
  let app: WebApp | undefined;
  let starting: Promise<WebApp> | undefined = start();
  // Whoever waits for the app is told; this keeps a failure without an audience from ending the process.
  starting.catch(() => undefined);

  const startedApp = async (): Promise<WebApp> => {
    starting ??= start();
    try {
      return app = await starting;
    } finally {
      starting = undefined;
    }
  };

  return (event: LambdaEvent, context?: LambdaContext): Promise<object> => {
    faults.install(settings.onUncaughtException === 'exit');
    const format = typeof event === 'object' && event !== null ? formatOf(event) : undefined;
    if (format === undefined) {
      return Promise.reject(notAnHttpEvent(event));
    }
    return new Promise((resolve, reject) => {
      let exchange: BufferedExchange;
      try {
        exchange = new BufferedExchange(event, context, format, settings, resolve);
      } catch (malformed) {
        reject(malformed);
        return;
      }
      if (app !== undefined) {
        exchange.run(app);
      } else {
        startedApp().then((ready) => exchange.run(ready), (error) => exchange.notStarted(error));
      }
    });
  };
}

/** One invocation that is answered as a whole. */
class BufferedExchange {
  private readonly invocation: Invocation;
  private readonly sink: BufferedSink;

  constructor(
    private readonly event: LambdaEvent,
    context: LambdaContext | undefined,
    private readonly format: EventFormat,
    private readonly settings: Settings,
    private readonly resolve: (result: object) => void,
  ) {
    const request = format.parse(event, settings);
    this.invocation = new Invocation(event, context, format, request, (status, reason) => this.fail(status, reason));
    this.sink = new BufferedSink((response) => this.answer(response));
    inFlight.add(this.invocation);
  }

  public run(app: WebApp): void {
    const { invocation, sink } = this;
    currentInvocation.run(invocation, () => {
      try {
        faults.own(app(invocation, sink), invocation);
      } catch (error) {
        log('error', 'the app threw; the client gets 500', invocation.subject, error);
        this.fail(500, 'Internal Server Error');
      }
    });
  }

  public notStarted(error: unknown): void {
    log('error', 'the app did not start; the client gets 500', this.invocation.subject, error);
    this.fail(500, 'Internal Server Error');
  }

  private fail(status: number, reason: string): void {
    if (this.invocation.settled) {
      return;
    }
    this.settle({ status, statusMessage: reason, headers: ['content-type', 'text/plain; charset=utf-8'], body: reason, bodiless: false });
    this.sink.onAbandoned?.();
  }

  private answer(response: WebResponse | undefined): void {
    if (this.invocation.settled) {
      return;
    }
    if (response === undefined) {
      log('error', 'the app closed the connection before its response was whole; the client gets 502', this.invocation.subject);
      this.fail(502, 'Bad Gateway');
    } else {
      this.settle(response);
    }
  }

  private settle(response: WebResponse): void {
    const { invocation, format, event, settings } = this;
    invocation.settled = true;
    inFlight.remove(invocation);
    let result: object;
    try {
      const body = encodeBody(response, settings);
      completeHeaders(response, body, format.setsContentLength);
      result = format.render(response, body, event);
      const problem = overLimit(result, body, response, invocation.request.source);
      if (problem !== undefined) {
        throw new RangeError(problem);
      }
    } catch (error) {
      const status = error instanceof RangeError ? 502 : 500;
      log('error', `the response cannot be sent; the client gets ${status}`, invocation.subject, error);
      result = errorResult(format, event, status, error instanceof RangeError ? error.message : 'Internal Server Error');
    }
    this.resolve(result);
  }
}

function errorResult(format: EventFormat, event: LambdaEvent, status: number, text: string): object {
  const body = { text, isBase64: false, length: Buffer.byteLength(text) };
  const headers = ['content-type', 'text/plain; charset=utf-8'];
  const response = { status, statusMessage: '', headers, body: text, bodiless: false };
  completeHeaders(response, body, format.setsContentLength);
  return format.render(response, body, event);
}

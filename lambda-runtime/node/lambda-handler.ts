import { WebApp } from './apps/web-app';
import { formatOf, notAnHttpEvent } from './events/detect';
import { LambdaEvent } from './events/event-format';
import { isEventPath, lambdaEvent } from './events/lambda-event';
import { ExitAfterAnswers } from './exit-after-answers';
import { Faults } from './faults';
import { InFlight } from './in-flight';
import { Invocation } from './invocation';
import { currentInvocation } from './invocation-storage';
import { LambdaContext, LambdaHandler } from './lambda-context';
import { log } from './log';
import { BufferedReply } from './respond/buffered';
import { EventReply } from './respond/event-result';
import { Reply } from './respond/reply';
import { AwsLambda, LambdaStream, StreamedReply } from './respond/streamed';
import { Settings } from './settings';
import { EventSource } from './web-request';

const inFlight = new InFlight((invocation) => {
  invocation.reply.fail(504, 'the app has not answered, and Lambda would end the invocation soon');
});
const faults = new Faults(inFlight);

/**
 * Puts an app behind Lambda's interface. The app may still be starting.
 *
 * @param canRetry whether `start` can succeed after it has failed: then the next event tries again, otherwise the process
 *   ends, and Lambda starts another
 */
export function lambdaHandler(start: () => Promise<WebApp>, settings: Settings, canRetry: boolean): LambdaHandler {
  const app = new StartingApp(start, canRetry);
  const strangers = new UnknownDoors(settings.doors);
  const lastAnswers = new ExitAfterAnswers();
  const exit = settings.onUncaughtException === 'exit' ? lastAnswers : undefined;
  const mayExit = () => exit !== undefined || app.ready === undefined;

  const notStarted = (invocation: Invocation, error: unknown) => {
    const ends = !canRetry && process.env.AWS_LAMBDA_RUNTIME_API !== undefined;
    if (ends) {
      lastAnswers.begin();
    }
    invocation.reply.fail(500, 'the app did not start', error);
    if (ends) {
      lastAnswers.finish();
    }
  };

  const invoke = (event: LambdaEvent, context: LambdaContext | undefined, makeReply: (invocation: Invocation) => Reply): void => {
    faults.install(exit);
    const format = typeof event === 'object' && event !== null ? formatOf(event) : undefined;
    if (format === undefined && settings.eventPath === undefined) {
      throw notAnHttpEvent(event);
    }
    const chosen = format ?? lambdaEvent;
    const request = chosen.parse(event, settings);
    strangers.meet(request.source);
    const invocation = new Invocation(event, context, chosen, request, inFlight);
    invocation.reply = makeReply(invocation);
    if (format !== undefined && settings.eventPath !== undefined && isEventPath(request.target, settings.eventPath)) {
      // Only events of other services reach this path: nobody can pose as a queue.
      invocation.reply.fail(404, 'a client asked for the path of events');
      return;
    }
    if (app.ready !== undefined) {
      run(app.ready, invocation);
    } else {
      app.started().then((ready) => run(ready, invocation), (error) => notStarted(invocation, error));
    }
  };

  if (settings.responseStreaming) {
    const { awslambda } = globalThis as { awslambda?: AwsLambda };
    if (awslambda === undefined) {
      throw new Error('responseStreaming needs the awslambda object of a Lambda Node.js runtime; outside of Lambda leave the option out');
    }
    return awslambda.streamifyResponse((event: LambdaEvent, stream: LambdaStream, context?: LambdaContext) => new Promise<void>((settle, refuse) => {
      const resolve = mayExit() ? lastAnswers.settler(context?.awsRequestId, settle, true) : settle;
      const reject = mayExit() ? lastAnswers.settler(context?.awsRequestId, refuse, true) : refuse;
      invoke(event, context, (invocation) => invocation.format === lambdaEvent
        ? new EventReply(invocation, (result) => {
          stream.setContentType('application/json');
          stream.write(JSON.stringify(result ?? null));
          stream.end();
          resolve();
        }, reject)
        : new StreamedReply(invocation, awslambda, stream, resolve, reject));
    })) as unknown as LambdaHandler;
  }
  return (event: LambdaEvent, context?: LambdaContext) => new Promise((settle, reject) => {
    const resolve = mayExit() ? lastAnswers.settler(context?.awsRequestId, settle, false) : settle;
    invoke(event, context, (invocation) => invocation.format === lambdaEvent
      ? new EventReply(invocation, resolve, reject)
      : new BufferedReply(invocation, settings, resolve));
  });
}

function run(app: WebApp, invocation: Invocation): void {
  currentInvocation.run(invocation, () => {
    try {
      faults.own(app(invocation, invocation.reply.sink), invocation);
    } catch (error) {
      invocation.reply.fail(500, 'the app threw', error);
    }
  });
}

/** Says once for each door that it sends events, though the stack does not know it: its settings are then a guess. */
class UnknownDoors {
  private readonly known: Set<EventSource> | undefined;

  constructor(doors: Settings['doors']) {
    this.known = doors && new Set<EventSource>([...doors.map(({ door }) => door), 'lambda-event']);
  }

  public meet(source: EventSource): void {
    if (this.known !== undefined && !this.known.has(source)) {
      log('warn', `an event came from a front door that WrappedWebApp did not make (${source}); it is answered with that door's defaults`);
      this.known.add(source);
    }
  }
}

/** An app that is being started, again if need be. */
class StartingApp {
  public ready: WebApp | undefined;
  private starting: Promise<WebApp> | undefined;

  constructor(private readonly start: () => Promise<WebApp>, private readonly canRetry: boolean) {
    // Whoever waits for the app is told; a failure without an audience yet must not end the process.
    this.started().catch(() => undefined);
  }

  public async started(): Promise<WebApp> {
    this.starting ??= this.start();
    try {
      return this.ready = await this.starting;
    } catch (error) {
      if (this.canRetry) {
        this.starting = undefined;
      }
      throw error;
    }
  }
}

import { StartingApp } from './apps/starting-app';
import { WebApp } from './apps/web-app';
import { BehindCdn } from './events/behind-cdn';
import { detect } from './events/detect';
import { EventFormat, LambdaEvent } from './events/event-format';
import { EventPath } from './events/event-path';
import { statusOnOpenRoute } from './events/open-preflight-routes';
import { refusalOf } from './events/refusal';
import { BackgroundExtension } from './invocations/background-extension';
import { currentInvocation } from './invocations/current-invocation';
import { ExitAfterAnswers } from './invocations/exit-after-answers';
import { Faults } from './invocations/faults';
import { InFlight } from './invocations/in-flight';
import { Invocation } from './invocations/invocation';
import { LambdaContext, LambdaHandler } from './invocations/lambda-context';
import { isNeverFrozen } from './invocations/never-frozen';
import { UnknownDoors } from './invocations/unknown-doors';
import { BufferedReply } from './respond/buffered-reply';
import { sendStatus } from './respond/error-page';
import { OtherEventReply } from './respond/other-event-reply';
import { AwsLambda, LambdaStream, StreamedReply } from './respond/streamed-reply';
import { unshareConnection } from './respond/unshare-connection';
import { Settings } from './settings/settings';

export const inFlight = new InFlight<Invocation>((invocation) => invocation.expire());
export const faults = new Faults(inFlight);

/**
 * The Lambda handler of an app that starts asynchronously.
 *
 * @param canRetry whether `start` may succeed after a failure; if so, the next event tries again. Otherwise the process ends
 *   and Lambda starts another.
 * @param extension what keeps the environment from being frozen after an answer, if the settings ask for it
 */
export function handlerFor(start: () => Promise<WebApp>, settings: Settings, canRetry: boolean, extension?: BackgroundExtension): LambdaHandler {
  const app = new StartingApp(start, canRetry);
  const behindCdn = BehindCdn.of(settings);
  const unknownDoors = new UnknownDoors(settings.doors);
  const lastAnswers = new ExitAfterAnswers();
  const eventPath = settings.eventPath === undefined ? undefined : new EventPath(settings.eventPath);
  const exit = settings.onUncaughtException === 'exit' ? lastAnswers : undefined;
  const neverFrozen = isNeverFrozen();
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

  /** Wraps the function that answers an invocation, if the process may end after it. */
  const settler = <T>(context: LambdaContext | undefined, settle: (value: T) => void, streams: boolean) =>
    mayExit() ? lastAnswers.settler(context?.awsRequestId, settle, streams) : settle;

  let hasRefused = false;
  /** Logged once: anyone can send such requests, but if the CDN itself sends them, its secret and the function's differ. */
  const refusePastCdn = ({ reply }: Invocation): void => {
    if (hasRefused) {
      sendStatus(reply.sink, 403);
    } else {
      hasRefused = true;
      reply.fail(403, 'a request came past the CDN, or its secret is not one of the function\'s; others like it are not logged');
    }
  };

  const serve = (invocation: Invocation): void => {
    if (invocation.isPastCdn) {
      refusePastCdn(invocation);
      return;
    }
    const { event, request, reply } = invocation;
    const status = statusOnOpenRoute(event, request, settings);
    const refusal = request.source === 'other-event' ? undefined : refusalOf(request, eventPath);
    if (status !== undefined) {
      // Not logged: anyone can send such requests, and the access log of the API has them.
      sendStatus(reply.sink, status);
    } else if (refusal !== undefined) {
      reply.fail(refusal.status, refusal.problem);
    } else if (app.ready !== undefined) {
      run(app.ready, invocation);
    } else {
      invocation.awaitsStart = true;
      app.started().then((ready) => {
        invocation.awaitsStart = false;
        if (!invocation.settled) {
          run(ready, invocation);
        }
      }, (error) => notStarted(invocation, error));
    }
  };

  const beginBehindCdn = (cdn: BehindCdn, event: LambdaEvent, context: LambdaContext | undefined, format: EventFormat): Invocation => {
    const ofViewer = cdn.eventOfViewer(event);
    const request = format.parse(ofViewer ?? event, settings);
    const invocation = new Invocation(ofViewer ?? event, context, ofViewer ? cdn.requestOfViewer(request) : request, inFlight, neverFrozen);
    unknownDoors.warnIfUnknown(request.source, invocation);
    invocation.isPastCdn = ofViewer === undefined && cdn.guards(request.source);
    return invocation;
  };

  const beginDirectly = (event: LambdaEvent, context: LambdaContext | undefined, format: EventFormat): Invocation => {
    const request = format.parse(event, settings);
    const invocation = new Invocation(event, context, request, inFlight, neverFrozen);
    unknownDoors.warnIfUnknown(request.source, invocation);
    return invocation;
  };

  const begin = (event: LambdaEvent, context: LambdaContext | undefined, { format }: ReturnType<typeof detect>): Invocation => {
    faults.install(exit);
    const invocation = behindCdn === undefined ? beginDirectly(event, context, format) : beginBehindCdn(behindCdn, event, context, format);
    invocation.outlivesAnswer = neverFrozen;
    extension?.watch(invocation);
    return invocation;
  };

  if (!settings.responseStreaming) {
    const handler: LambdaHandler = (event: LambdaEvent, context?: LambdaContext) => new Promise((settle, reject) => {
      const resolve = settler(context, settle, false);
      const kind = detect(event, settings);
      const invocation = begin(event, context, kind);
      invocation.reply = kind.reply === 'http-response'
        ? new BufferedReply(invocation, kind.format, settings, resolve)
        : new OtherEventReply(invocation, resolve, reject);
      serve(invocation);
    });
    return extension === undefined ? handler : extension.wrap(handler);
  }

  const { awslambda } = globalThis as { awslambda?: AwsLambda };
  if (awslambda === undefined) {
    throw new Error('responseStreaming needs the awslambda object of a Lambda Node.js runtime; remove the option outside Lambda');
  }
  return awslambda.streamifyResponse((event: LambdaEvent, stream: LambdaStream, context?: LambdaContext) => new Promise<void>((settle, refuse) => {
    if (neverFrozen) {
      unshareConnection(stream);
    }
    const resolve = settler(context, settle, true);
    const reject = settler(context, refuse, true);
    const kind = detect(event, settings);
    const invocation = begin(event, context, kind);
    invocation.reply = kind.reply === 'http-response'
      ? new StreamedReply(invocation, kind.format, awslambda, stream, resolve, reject)
      : new OtherEventReply(invocation, (result) => {
        stream.setContentType('application/json');
        stream.write(JSON.stringify(result ?? null));
        stream.end();
        resolve();
      }, reject);
    serve(invocation);
  })) as unknown as LambdaHandler;
}

/** Gives a request to the app. */
export function run(app: WebApp, invocation: Invocation): void {
  currentInvocation.run(invocation, () => {
    try {
      faults.recordOwner(app(invocation, invocation.reply.sink), invocation);
    } catch (error) {
      invocation.reply.fail(500, 'the app threw', error);
    }
  });
}

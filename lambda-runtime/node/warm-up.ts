import { WebApp } from './apps/web-app';
import { detect } from './events/detect';
import { HttpEventFormat, Result } from './events/event-format';
import { SOURCE_HEADER } from './events/platform-headers';
import { warmUpEvent } from './events/warm-up-event';
import { Invocation } from './invocations/invocation';
import { log } from './invocations/log';
import { faults, inFlight, run } from './lambda-handler';
import { WarmUpReply } from './respond/warm-up-reply';
import { Settings } from './settings/settings';

const LEAST_MS = 500;

/**
 * Has the app answer one request before a client's, so that what it loads lazily is there. The request takes the way of all
 * others: an event of the first front door is read, and the response is rendered. A failure is logged, and changes nothing else.
 *
 * @param milliseconds the time in which the app should answer
 */
export async function warmUp(app: WebApp, settings: Settings, milliseconds: number): Promise<void> {
  const path = settings.warmUp;
  if (path === undefined) {
    return;
  }
  const subject = { method: 'GET', path };
  if (milliseconds < LEAST_MS) {
    log('warn', 'the start took so long that there was no time for the warm-up request', subject);
    return;
  }
  faults.install();
  try {
    const event = warmUpEvent(settings.doors?.[0], path);
    const format = detect(event, settings).format as HttpEventFormat;
    const request = format.parse(event, settings);
    // Only here: the runtime takes this header off all events.
    request.rawHeaders.push(SOURCE_HEADER, 'warm-up');
    const ends = Date.now() + milliseconds;
    const context = { awsRequestId: 'warm-up', getRemainingTimeInMillis: () => ends - Date.now() };
    const invocation = new Invocation(event, context as Invocation['context'], request, inFlight);
    let reply: WarmUpReply;
    const { statusCode } = await new Promise<Result>((resolve) => {
      invocation.reply = reply = new WarmUpReply(invocation, format, settings, resolve);
      run(app, invocation);
    });
    if (!reply!.failed && (statusCode < 200 || statusCode > 299)) {
      log('warn', `the app answered the warm-up request with ${statusCode}; the start goes on`, subject);
    }
  } catch (error) {
    log('warn', 'the warm-up request failed; the start goes on', subject, error);
  }
}

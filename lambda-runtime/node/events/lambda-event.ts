import { EventFormat, LambdaEvent, Result } from './event-format';
import { Settings } from '../settings';
import { WebRequest } from '../web-request';

/** Events of other services (a queue, a schedule, a rule), given to the app as a request to a path of its own. */
export const lambdaEvent: EventFormat = {
  setsContentLength: true,

  sourceOf() {
    return 'lambda-event';
  },

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const body = Buffer.from(JSON.stringify(event) ?? 'null');
    return {
      source: 'lambda-event',
      method: 'POST',
      target: settings.eventPath!,
      rawHeaders: ['host', 'localhost', 'content-type', 'application/json', 'content-length', String(body.length)],
      host: 'localhost',
      mountPrefix: '',
      body,
      clientAddress: '127.0.0.1',
      scheme: 'https',
    };
  },

  renderHead(): Result {
    throw new Error('the result of an event is what the app answers, without a head');
  },
};

/**
 * Whether an HTTP request asks for the path of events, in any spelling that some framework takes for the same:
 * encoded (even twice), in other letter case, with more slashes or dot segments.
 */
export function isEventPath(target: string, eventPath: string): boolean {
  return plainPath(target) === plainPath(eventPath);
}

function plainPath(target: string): string {
  let path = target.split(/[?#]/, 1)[0];
  for (let before = ''; before !== path;) {
    before = path;
    path = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
  const segments: string[] = [];
  for (const segment of path.split(/[/\\]+/)) {
    const name = segment.split(';', 1)[0];
    if (name === '..') {
      segments.pop();
    } else if (name !== '.' && name !== '') {
      segments.push(name);
    }
  }
  return segments.join('/').trim().toLowerCase();
}

import { EventFormat, LambdaEvent } from './event-format';
import { WebRequest } from '../http/web-request';
import { Settings } from '../settings/settings';

/** Events of other services (queues, schedules, rules) become a POST request to the `eventPath` of the settings. */
export const otherEvent: EventFormat = {
  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const body = Buffer.from(JSON.stringify(event) ?? 'null');
    return {
      source: 'other-event',
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
};

/**
 * Whether an HTTP request is for the event path, in any spelling that a framework may treat as the same path:
 * percent-encoded (even twice), in another letter case, with extra slashes or dot segments.
 */
export function isEventPath(target: string, eventPath: string): boolean {
  return normalizePath(target) === normalizePath(eventPath);
}

function normalizePath(target: string): string {
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

import { EventFormat, LambdaEvent } from './event-format';
import { SOURCE_HEADER } from './platform-headers';
import { WebRequest } from '../http/web-request';
import { Settings } from '../settings/settings';

/**
 * Events of other services (queues, schedules, rules) become a POST request to the `eventPath` of the settings. The source
 * header tells the app that no client sent it: the runtime removes that header from the requests of clients.
 */
export const otherEvent: EventFormat = {
  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const body = Buffer.from(JSON.stringify(event) ?? 'null');
    return {
      source: 'other-event',
      method: 'POST',
      target: settings.eventPath!,
      rawHeaders: ['host', 'localhost', 'content-type', 'application/json', 'content-length', String(body.length), SOURCE_HEADER, 'event'],
      host: 'localhost',
      mountPrefix: '',
      body,
      clientAddress: '127.0.0.1',
      scheme: 'https',
      problem: undefined,
    };
  },
};

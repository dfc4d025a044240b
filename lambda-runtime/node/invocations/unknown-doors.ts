import { log, LogSubject } from './log';
import { EventSource } from '../http/web-request';
import { Settings } from '../settings/settings';

/** Warns once per front door that sends events but was not made by the construct, so that its settings are unknown. */
export class UnknownDoors {
  private readonly known: Set<EventSource> | undefined;

  constructor(doors: Settings['doors']) {
    this.known = doors && new Set<EventSource>([...doors.map(({ door }) => door), 'other-event']);
  }

  public warnIfUnknown(source: EventSource, invocation?: { readonly subject: LogSubject }): void {
    if (this.known !== undefined && !this.known.has(source)) {
      log('warn', `an event came from a front door that WrappedWebApp did not make (${source}); its requests are answered with the default settings`, invocation?.subject);
      this.known.add(source);
    }
  }
}

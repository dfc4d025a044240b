import { log } from './log';
import { EventSource } from '../http/web-request';
import { Settings } from '../settings/settings';

/** Warns once per front door that sends events although the stack does not have it. Its settings are guessed then. */
export class UnknownDoors {
  private readonly known: Set<EventSource> | undefined;

  constructor(doors: Settings['doors']) {
    this.known = doors && new Set<EventSource>([...doors.map(({ door }) => door), 'other-event']);
  }

  public check(source: EventSource): void {
    if (this.known !== undefined && !this.known.has(source)) {
      log('warn', `an event came from a front door that WrappedWebApp did not make (${source}); it is answered with that door's defaults`);
      this.known.add(source);
    }
  }
}

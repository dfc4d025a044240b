import { Report, ReportedDoor, ReportedRequest, RequestReport } from './report';
import { RecordListener, RequestRecord } from './request-record';

/** Lines for programs: one JSON object for each thing that happens, with its kind in `event`. */
export class JsonReport implements Report, RecordListener {
  /**
   * @param quiet whether only failed requests are shown
   */
  constructor(private readonly write: (line: string) => void, private readonly quiet = false) {}

  notice(message: string): void {
    this.show('notice', { message });
  }

  outsideOfRequests(app: string, line: string): void {
    this.show('log', { app, line });
  }

  request(request: ReportedRequest): RequestReport {
    return new RequestRecord(request, this);
  }

  ready(doors: readonly ReportedDoor[], inspector: string): void {
    for (const { name, path, url, problem } of doors) this.show('door', { door: name, app: path, url, problem });
    this.show('ready', { inspector });
  }

  printed(): void {
    // The lines are shown at the end.
  }

  printedLate(record: RequestRecord, line: string): void {
    if (!this.quiet || record.failed) this.show('log', { app: record.appPath, line });
  }

  ended(record: RequestRecord): void {
    if (this.quiet && !record.failed) return;
    const { request: { door, method, target, time }, appPath: app, status, milliseconds, start, complete, lines, reason } = record;
    this.show('request', { door, app, method, path: target, status, milliseconds, start, complete, reason, lines }, time);
  }

  private show(event: string, fields: object, time = new Date()): void {
    this.write(JSON.stringify({ event, time: time.toISOString(), ...fields }));
  }
}

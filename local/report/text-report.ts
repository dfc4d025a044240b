import { Colour, paint } from './colours';
import { expandStack } from './expand-stack';
import { Report, ReportedDoor, ReportedRequest, RequestReport } from './report';
import { RecordListener, RequestRecord } from './request-record';
import { Terminal } from '../terminal';

/** A function's lines are shown while it runs if it runs longer. */
const PATIENCE_MS = 1000;

const DOOR_WIDTH = 'function-url'.length;

/** Lines for people: one for each request, and the function's own lines under it. */
export class TextReport implements Report, RecordListener {
  /** The request whose lines were shown last. */
  private latest?: RequestRecord;
  private readonly live = new Set<RequestRecord>();
  private readonly lastFailures = new Map<string, string>();
  private severalApps = false;

  /**
   * @param quiet whether only failed requests are shown
   * @param patienceMs how long a request runs until its lines are shown before its end
   */
  constructor(private readonly terminal: Terminal, private readonly quiet = false, private readonly patienceMs = PATIENCE_MS) {}

  notice(message: string): void {
    this.latest = undefined;
    this.terminal.error(this.paint('yellow', message));
  }

  outsideOfRequests(appPath: string, line: string): void {
    this.latest = undefined;
    this.terminal.out(`${this.paint('dim', `[${appPath}]`)} ${expandStack(line)}`);
  }

  request(request: ReportedRequest): RequestReport {
    const record = new RequestRecord(request, this);
    if (!this.quiet) setTimeout(() => this.goLive(record), this.patienceMs).unref();
    return record;
  }

  ready(doors: readonly ReportedDoor[], inspectorUrl: string): void {
    this.severalApps = new Set(doors.map(({ path }) => path)).size > 1;
    const pathWidth = Math.max(...doors.map(({ path }) => path.length));
    for (const { name, path, url, problem } of doors) {
      const note = problem === undefined ? '' : this.paint('red', '  fails: see above');
      this.terminal.out(`${name.padEnd(DOOR_WIDTH)}  ${path.padEnd(pathWidth)}  ${this.paint('cyan', url)}${note}`);
    }
    this.terminal.out(`${'inspector'.padEnd(DOOR_WIDTH)}  ${''.padEnd(pathWidth)}  ${this.paint('cyan', inspectorUrl)}`);
    this.terminal.out('ready');
  }

  printed(record: RequestRecord): void {
    if (this.live.has(record)) this.showLine(record, record.lines[record.lines.length - 1]);
  }

  printedLate(record: RequestRecord, line: string): void {
    if (this.quiet && !record.failed) return;
    if (record === this.latest) {
      this.terminal.out(indent(expandStack(line)));
    } else {
      this.outsideOfRequests(record.appPath ?? record.request.door, line);
    }
  }

  ended(record: RequestRecord): void {
    const wasLive = this.live.delete(record);
    if (this.quiet && !record.failed) return;
    this.latest = record;
    this.terminal.out(this.renderHead(record));
    if (!wasLive) this.showAll(record);
    if (record.reason && !record.reasonIsPrinted) this.terminal.out(indent(this.paint('red', `${record.status}: ${record.reason}`)));
  }

  /** Many requests in a row may fail in the same way: a function that cannot load is loaded again for each. */
  private showAll(record: RequestRecord): void {
    const text = record.lines.join('\n');
    const isRepeated = record.failed && record.lines.length > 1 && this.lastFailures.get(record.appPath ?? '') === text;
    if (record.failed) this.lastFailures.set(record.appPath ?? '', text);
    const lines = isRepeated ? [this.paint('dim', 'the same lines as for the failure before')] : record.lines;
    for (const line of lines) this.terminal.out(indent(expandStack(line)));
  }

  private goLive(record: RequestRecord): void {
    if (record.isClosed) return;
    this.live.add(record);
    for (const line of record.lines) this.showLine(record, line);
  }

  /** Lines of requests at the same time are shown under the request that they belong to. */
  private showLine(record: RequestRecord, line: string): void {
    if (this.latest !== record) this.terminal.out(this.renderHead(record));
    this.latest = record;
    this.terminal.out(indent(expandStack(line)));
  }

  private renderHead({ request, status, milliseconds, start, appPath, complete }: RequestRecord): string {
    const what = `${request.door.padEnd(DOOR_WIDTH)}  ${makePrintable(`${request.method} ${request.target}`)}`;
    const where = this.severalApps && appPath ? `  ${this.paint('dim', appPath)}` : '';
    if (status === undefined) return `${what}  ${this.paint('dim', 'still running')}${where}`;
    const how = [`${milliseconds} ms`, start, complete ? undefined : 'client disconnected'].filter(Boolean).join('  ');
    return `${what}  ${this.paint(colourOf(status), String(status))}  ${this.paint('dim', how)}${where}`;
  }

  private paint(colour: Colour, text: string): string {
    return this.terminal.colours ? paint(colour, text) : text;
  }
}

function colourOf(status: number): Colour {
  if (status >= 500) return 'red';
  return status >= 400 ? 'yellow' : 'green';
}

function indent(line: string): string {
  return `    ${line.replaceAll('\n', '\n    ')}`;
}

/** A client must not be able to control the terminal. */
function makePrintable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

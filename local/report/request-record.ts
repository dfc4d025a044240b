import { ReportedRequest, RequestReport } from './report';

/** How long a function's last lines may need to arrive after its answer. */
const GRACE_MS = 25;

/** Whoever shows the requests. */
export interface RecordListener {
  /** The function wrote a line, and the request has not been shown. */
  printed(record: RequestRecord): void;
  /** The request is at its end. */
  ended(record: RequestRecord): void;
  /** The function wrote a line after the request was shown. */
  printedLate(record: RequestRecord, line: string): void;
}

/** Collects what happens to one request. */
export class RequestRecord implements RequestReport {
  appPath?: string;
  start?: 'cold' | 'warm';
  status?: number;
  reason?: string;
  readonly lines: string[] = [];
  /** From the request to the end of the answer. */
  milliseconds = 0;
  /** False if the client disconnected before it had the whole answer. */
  complete = true;
  isClosed = false;

  constructor(readonly request: ReportedRequest, private readonly listener: RecordListener) {}

  invoked(appPath: string, start: 'cold' | 'warm'): void {
    Object.assign(this, { appPath, start });
  }

  printed(line: string): void {
    if (this.isClosed) {
      this.listener.printedLate(this, line);
    } else {
      this.lines.push(line);
      this.listener.printed(this);
    }
  }

  answered(status: number, reason?: string): void {
    Object.assign(this, { status, reason });
  }

  ended(complete: boolean): void {
    this.complete = complete;
    this.milliseconds = Date.now() - this.request.time.getTime();
    setTimeout(() => {
      this.isClosed = true;
      this.listener.ended(this);
    }, GRACE_MS);
  }

  /** Whether a function's line has the error that is the reason: it is shown once. */
  get reasonIsPrinted(): boolean {
    const [, message] = /^the function failed: [^:]+: (.+)/.exec(this.reason ?? '') ?? [];
    return message !== undefined && this.lines.some((line) => line.includes(message));
  }

  /** A defect, and not the client's mistake. */
  get failed(): boolean {
    return (this.status ?? 0) >= 500;
  }
}

import { DoorName } from '../front-doors/front-door';

/** Tells the user what happens while doors are served. */
export interface Report {
  /** Something that the user should know, such as why an app is not served. */
  notice(message: string): void;
  /** A line that a function wrote while it worked on no request, or why it ended. */
  outsideOfRequests(appPath: string, line: string): void;
  /** A request has arrived at a door. */
  request(request: ReportedRequest): RequestReport;
  /** Everything is served. */
  ready(doors: readonly ReportedDoor[], inspectorUrl: string): void;
}

export interface ReportedDoor {
  readonly name: DoorName;
  /** The construct path of the web app behind it. */
  readonly path: string;
  readonly url: string;
  /** Why requests to the app fail. */
  readonly problem?: string;
}

export interface ReportedRequest {
  readonly door: DoorName;
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly target: string;
  readonly time: Date;
}

/** What happens to one request. */
export interface RequestReport {
  /** @param start cold if the environment has not loaded the function yet */
  invoked(appPath: string, start: 'cold' | 'warm'): void;
  /** The function has written a line while it worked on the request, or shortly afterwards. */
  printed(line: string): void;
  answered(status: number, reason?: string): void;
  /** @param complete false if the client disconnected before it had the whole answer */
  ended(complete: boolean): void;
}

import { DoorName } from '../settings/contract';

/** What sent an event: a front door, VPC Lattice (which the construct does not make), or another service. */
export type EventSource = DoorName | 'vpc-lattice' | 'other-event';

/** An HTTP request as a server reads it off the connection, whatever format it arrived in. */
export interface WebRequest {
  readonly source: EventSource;
  readonly method: string;
  /** Path and query as in an HTTP request line: percent-encoded, without the mount prefix. */
  readonly target: string;
  /** Names and values in turn, as in `http.IncomingMessage.rawHeaders`. Repeated names stay separate. */
  readonly rawHeaders: string[];
  /** The value of the `host` header. */
  readonly host: string;
  /** The first part of the public path, which the app does not see (a stage, a mapping key, a mount path): `/prod`, or empty. */
  readonly mountPrefix: string;
  /** Undefined where there is none; never empty. */
  readonly body: Buffer | undefined;
  readonly clientAddress: string;
  readonly scheme: 'http' | 'https';
}

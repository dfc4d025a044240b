import { DoorName } from '../settings/contract';

/** The sender of an event: a front door, VPC Lattice (which the construct does not make), or another service. */
export type EventSource = DoorName | 'vpc-lattice' | 'other-event';

/** An HTTP request as a server reads it from the connection, independent of the event format. */
export interface WebRequest {
  readonly source: EventSource;
  readonly method: string;
  /** Path and query as in an HTTP request line: percent-encoded, without the mount prefix. `*` for a server as a whole. */
  readonly target: string;
  /** Names and values alternate, as in `http.IncomingMessage.rawHeaders`. Repeated names stay separate. */
  readonly rawHeaders: string[];
  /** The value of the `host` header. */
  readonly host: string;
  /** The first part of the public path, which is not part of `target` (stage, mapping key or mount path): `/prod`, or empty. */
  readonly mountPrefix: string;
  /** Undefined if there is no body; never empty. */
  readonly body: Buffer | undefined;
  readonly clientAddress: string;
  readonly scheme: 'http' | 'https';
  /** Why no door sends such headers; undefined if one could. The request is then refused. */
  readonly problem: string | undefined;
}

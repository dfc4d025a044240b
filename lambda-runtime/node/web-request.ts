import { DoorName } from './contract';

/** Where an event came from. VPC Lattice is understood, though no door of the construct makes one; a Lambda event is none of HTTP. */
export type EventSource = DoorName | 'vpc-lattice' | 'lambda-event';

/** One HTTP request, free of the format it arrived in: what a server would have read off the wire. */
export interface WebRequest {
  readonly source: EventSource;
  readonly method: string;
  /** Path and query as in an HTTP request line: percent-encoded, without the mount prefix. */
  readonly target: string;
  /** Names and values in turn, as `http.IncomingMessage.rawHeaders`; repeated names stay apart. */
  readonly rawHeaders: string[];
  /** The value of the `host` header. */
  readonly host: string;
  /** The part of the public path that is not the app's own (a stage, a mapping key, a mount): `/prod`, or empty. */
  readonly mountPrefix: string;
  /** Undefined where there is none; never empty. */
  readonly body: Buffer | undefined;
  readonly clientAddress: string;
  readonly scheme: 'http' | 'https';
}

import { Readable } from 'node:stream';
import { WebAppFunction } from '../assembly/web-app-functions';
import { BufferedOutcome, InvocationOutcome } from '../lambda/invocation-outcome';

export type FrontDoorName = 'function-url' | 'http-api' | 'rest-api' | 'alb';

/** A door that is served: one of the front doors, or CloudFront before one. */
export type DoorName = FrontDoorName | 'cloudfront';

/** A list of header names and values in the order in which they were sent; names may repeat. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** An HTTP request as it arrived at a door. */
export interface DoorRequest {
  readonly method: string;
  /** Path and query as the client sent them, undecoded. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly clientAddress: string;
  /** How the client reached the door. */
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly time: Date;
}

/** What a door sends back to the client. */
export interface DoorAnswer {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: HeaderList;
  /** A stream is sent to the client as it arrives. */
  readonly body: Buffer | Readable;
  /** Why the door answered itself, or what it ignored of the function's result. Shown on the terminal, never sent to the client. */
  readonly reason?: string;
}

/** A request that is sent to a function. */
export interface Invocation {
  readonly webApp: WebAppFunction;
  readonly event: object;
  /** How long the door waits for the function, and its answer after that time. Absent if the door waits as long as the function runs. */
  readonly timeout?: { readonly milliseconds: number; readonly answer: DoorAnswer };
  /** Makes the door's answer from the function's outcome. A door that does not stream gets a streamed response as a whole. */
  readonly read: OutcomeReader;
}

export type OutcomeReader =
  | { readonly mode: 'buffered'; answer(outcome: BufferedOutcome): DoorAnswer }
  | { readonly mode: 'streaming'; answer(outcome: InvocationOutcome): Promise<DoorAnswer> };

/** An AWS entry point that reaches one or more web app functions. */
export interface FrontDoor {
  readonly name: DoorName;
  /** The domain name that AWS gives to it, and its port if it has several. Absent if it is not known. */
  readonly address?: { readonly host: string; readonly port?: number };
  /** The paths at which it can be reached, such as one for each stage of a REST API. */
  readonly entrances: readonly { readonly webApp: WebAppFunction; readonly path: string }[];
  /** What it does not do here, unlike on AWS. */
  readonly differences?: readonly string[];
  /** Returns the invocation that a request leads to, or the door's own answer. */
  accept(request: DoorRequest): Invocation | DoorAnswer;
}

export function isInvocation(decision: Invocation | DoorAnswer): decision is Invocation {
  return 'webApp' in decision;
}

/** A function's result cannot be read as an HTTP response. */
export class UnreadableResult extends Error {}

import { Readable } from 'node:stream';
import { WebAppFunction } from '../assembly/web-app-functions';
import { BufferedOutcome, InvocationOutcome } from '../lambda/invocation-outcome';

export type FrontDoorName = 'function-url' | 'http-api' | 'rest-api' | 'alb';

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
  /** A stream is handed on as it comes. */
  readonly body: Buffer | Readable;
  /** Why the door answered by itself, or what it left out of the function's answer: told on the terminal, never to the client. */
  readonly reason?: string;
}

/** A request that reached a function. */
export interface Invocation {
  readonly webApp: WebAppFunction;
  readonly event: object;
  /** How long the door waits for the function, and what it answers then. Absent: as long as the function may run. */
  readonly patience?: { readonly milliseconds: number; readonly answer: DoorAnswer };
  /** Reads the function's outcome as this door does. A door that does not stream gets a streamed answer whole. */
  readonly read: OutcomeReader;
}

export type OutcomeReader =
  | { readonly mode: 'buffered'; answer(outcome: BufferedOutcome): DoorAnswer }
  | { readonly mode: 'streaming'; answer(outcome: InvocationOutcome): Promise<DoorAnswer> };

/** An AWS entry point that reaches one or more web app functions. */
export interface FrontDoor {
  readonly name: FrontDoorName;
  /** Where it begins: one path for each way in, such as a REST API's stages. */
  readonly entrances: readonly { readonly webApp: WebAppFunction; readonly path: string }[];
  /** Decides a request: the function that it reaches and the event that it becomes, or the door's own answer. */
  accept(request: DoorRequest): Invocation | DoorAnswer;
}

export function isInvocation(decision: Invocation | DoorAnswer): decision is Invocation {
  return 'webApp' in decision;
}

/** A function's result that the door cannot make an HTTP response of. */
export class UnreadableResult extends Error {}

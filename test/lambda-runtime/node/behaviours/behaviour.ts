import { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { DOOR_NAMES, DoorName } from '../../../../lambda-runtime/node/settings/contract';

/** Something that Node's server does and that the app or its client can observe. */
export interface Behaviour {
  /** A sentence. */
  readonly name: string;
  readonly app: (req: IncomingMessage, res: ServerResponse, observer: Observer) => unknown;
  /** @default GET / without a body */
  readonly request?: RequestSpec;
  /** The options of `http.createServer`. */
  readonly options?: ServerOptions | (() => ServerOptions);
  /** Adds other listeners or settings to the server. */
  readonly setUp?: (server: Server, observer: Observer) => void;
  /** The doors that can carry this request and its response. All by default. */
  readonly doors?: readonly Door[];
  /** The first version of Node that has it. */
  readonly since?: number;
}

/** The request of the client. */
export interface RequestSpec {
  readonly method?: string;
  readonly target?: string;
  /** In addition to `host` and, with a body, `content-length`. */
  readonly headers?: [string, string][];
  readonly body?: string | Buffer;
}

export type Door = DoorName;
export const DOORS: readonly Door[] = DOOR_NAMES;

/** Doors that support streamed responses. */
export const STREAMING_DOORS: readonly Door[] = ['function-url', 'rest-api'];

/** A door, and whether it streams the response. */
export interface Way {
  readonly door: Door;
  readonly streaming: boolean;
}

/** Records what an app observes, in order. */
export interface Observer {
  readonly server: Server;
  note(what: string, value?: unknown): void;
  /** Notes the error that a function throws, or its return value. */
  attempt(what: string, action: () => unknown): void;
  /** Notes each of these events when it is emitted, with its error if it has one. */
  events(name: string, emitter: NodeJS.EventEmitter, ...events: string[]): void;
  /** Makes the test wait for a promise in addition to the response. */
  until(promise: Promise<unknown>): void;
}

/** The result of one run. */
export interface Outcome {
  readonly notes: string[];
  readonly answer: Answer;
}

/** The response that the client received. */
export interface Answer {
  /** `broken`: the connection closed before the response was complete. `stuck`: no more bytes arrived. */
  readonly end: 'whole' | 'broken' | 'stuck';
  readonly status?: number;
  readonly reason?: string;
  /** By lower-case name, without cookies. */
  readonly headers: Record<string, string>;
  readonly cookies: string[];
  /** Base64. */
  readonly body: string;
  /** The status codes of informational responses before it. */
  readonly informational?: number[];
  readonly trailers?: Record<string, string>;
}

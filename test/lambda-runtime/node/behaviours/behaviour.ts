import { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';

/** Something that Node's own server does, as an app and its client see it. */
export interface Behaviour {
  /** A sentence. */
  readonly name: string;
  readonly app: (req: IncomingMessage, res: ServerResponse, observer: Observer) => unknown;
  /** @default GET / without a body */
  readonly request?: RequestSpec;
  /** What `http.createServer` is given. */
  readonly options?: ServerOptions | (() => ServerOptions);
  /** Sets the server up for what is not a request listener. */
  readonly setUp?: (server: Server, observer: Observer) => void;
  /** The doors that can carry this request or its response, where not all can. */
  readonly doors?: readonly Door[];
  /** The first version of Node that has it. */
  readonly since?: number;
}

/** What the client sends. */
export interface RequestSpec {
  readonly method?: string;
  readonly target?: string;
  /** Beside `host` and, with a body, `content-length`. */
  readonly headers?: [string, string][];
  readonly body?: string | Buffer;
}

export type Door = 'function-url' | 'http-api' | 'rest-api' | 'alb';
export const DOORS: readonly Door[] = ['function-url', 'http-api', 'rest-api', 'alb'];

/** Doors that can take a response piece by piece. */
export const STREAMING_DOORS: readonly Door[] = ['function-url', 'rest-api'];

/** A way through the runtime. */
export interface Way {
  readonly door: Door;
  readonly streaming: boolean;
}
/** Lets an app tell what it sees, in order. */
export interface Observer {
  readonly server: Server;
  note(what: string, value?: unknown): void;
  /** Notes what a function throws, or else what it returns. */
  attempt(what: string, action: () => unknown): void;
  /** Notes these events of an emitter whenever they come, with the errors that some of them carry. */
  events(name: string, emitter: NodeJS.EventEmitter, ...events: string[]): void;
  /** Something to wait for beside the response. */
  until(promise: Promise<unknown>): void;
}

/** What came of one run. */
export interface Outcome {
  readonly notes: string[];
  readonly answer: Answer;
}

/** What the client received. */
export interface Answer {
  /** `broken`: the connection closed before the response was whole. `stuck`: nothing more came. */
  readonly end: 'whole' | 'broken' | 'stuck';
  readonly status?: number;
  readonly reason?: string;
  /** By lower-case name; cookies apart. */
  readonly headers: Record<string, string>;
  readonly cookies: string[];
  /** Base64. */
  readonly body: string;
  /** The status codes of informational responses before it. */
  readonly informational?: number[];
  readonly trailers?: Record<string, string>;
}

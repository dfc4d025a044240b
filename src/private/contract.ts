import { FrontDoorName } from '../front-doors/i-front-door';

/**
 * The names of the environment variables through which the construct tells the runtime
 * what it knows at synth. The runtime has the same names in `lambda-runtime/node/contract.ts`
 * and `lambda-runtime/python/…/contract.py`; `test/contract.test.ts` pins them to each other.
 *
 * Values are literals: a reference to a door's resource would be a dependency cycle
 * (Function, Stage, Method, Function).
 */
export const DOORS_VARIABLE = 'WRAPPED_WEB_APP_DOORS';
export const OPTIONS_VARIABLE = 'WRAPPED_WEB_APP_OPTIONS';

/** One element of the JSON list in `DOORS_VARIABLE`: a door that invokes the function. */
export interface DoorContract {
  /** Which of the doors; a door of the user's own names the one whose events it forwards. */
  readonly door: FrontDoorName;
  /** Where the app is mounted on that door: starts with a slash, ends without one. Absent at the root. */
  readonly mountPrefix?: string;
  /** How the function answers this door. */
  readonly responseMode: 'buffered' | 'streaming';
}

/** The JSON object in `OPTIONS_VARIABLE`: how the runtime treats the app. Absent fields have the runtime's defaults. */
export interface RuntimeOptionsContract {
  /** False: every body is text; anything else is refused, as apig-wsgi does. Default: whatever the door can carry. */
  readonly binarySupport?: boolean;
  /** Content types that are text, by prefix. Default: decided by the bytes (Node), apig-wsgi's list (Python). */
  readonly nonBinaryContentTypePrefixes?: readonly string[];
  /** `exit` ends the process after an uncaught exception, once every request in flight is answered. Default: `continue`. */
  readonly onUncaughtException?: 'continue' | 'exit';
  /** Where events that are not HTTP go. Default: they are refused. */
  readonly eventPath?: string;
  /** Believe `x-forwarded-host`. Default: false. */
  readonly trustForwardedHost?: boolean;
}

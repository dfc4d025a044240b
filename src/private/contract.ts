import { FrontDoorName } from '../front-doors/i-front-door';

/**
 * What the construct tells the runtimes through environment variables of the function. `lambda-runtime/contract.json`
 * describes it for the construct and both runtimes, and `test/contract.test.ts` compares all of them with it.
 *
 * The values are literals: a reference to a door's resource would be a dependency cycle (Function, Stage, Method, Function).
 */
export const DOORS_VARIABLE = 'WRAPPED_WEB_APP_DOORS';
export const OPTIONS_VARIABLE = 'WRAPPED_WEB_APP_OPTIONS';
/** The secrets of the CDN, separated by spaces: references that CloudFormation resolves. The one exception to literals. */
export const CDN_SECRETS_VARIABLE = 'WRAPPED_WEB_APP_CDN_SECRETS';
/** Only in functions that run a command of an app: its words, as a JSON list. */
export const COMMAND_VARIABLE = 'WRAPPED_WEB_APP_COMMAND';

/** One element of the JSON list in `DOORS_VARIABLE`: a door that invokes the function. */
export interface DoorContract {
  /** Which kind of door. A door of the user's own names the one whose events it sends. */
  readonly door: FrontDoorName;
  /** Where the app is mounted on that door: starts with a slash, ends without one. Absent at the root. */
  readonly mountPrefix?: string;
  /** The key under which a custom domain maps to an HTTP API, without slashes at its ends. Absent at the root of the domain. */
  readonly mappingKey?: string;
  /**
   * Whether an HTTP API with an authorizer has OPTIONS routes without one at the mount path, for CORS preflight requests. The runtime
   * answers every request on them itself. Absent: it has none.
   */
  readonly openPreflightRoutes?: boolean;
  /** Whether clients reach the door through a CDN, which sends one of the secrets. Absent: they reach it directly. */
  readonly behindCdn?: boolean;
  /** Whether the door takes a response as a whole or as a stream. */
  readonly responseMode: 'buffered' | 'streaming';
}

/** The JSON object in `OPTIONS_VARIABLE`: how the runtime treats the app. Absent fields have the runtime's defaults. */
export interface RuntimeOptionsContract {
  /** False: every body is sent as text, and a body that is not UTF-8 is refused. Default: base64 wherever the door can decode it. */
  readonly binarySupport?: boolean;
  /** Content types, by prefix, whose bodies are sent as text. Default: Node looks at the bytes, Python has apig-wsgi's list. */
  readonly nonBinaryContentTypePrefixes?: readonly string[];
  /** `exit` ends the process after an uncaught exception, once every request in flight is answered. Default: `continue`. */
  readonly onUncaughtException?: 'continue' | 'exit';
  /** The path to which events of other services are posted. Default: such events are refused. */
  readonly eventPath?: string;
  /** Whether `x-forwarded-host` is the request's host. Default: false. */
  readonly trustForwardedHost?: boolean;
  /** The path that the app answers once during the init phase. Default: no such request. */
  readonly warmUp?: string;
  /** Whether work after a buffered answer keeps the environment from being frozen. Default: false. */
  readonly backgroundWork?: boolean;
}

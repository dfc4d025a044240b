/**
 * The environment variables through which the construct configures the runtime. `src/private/contract.ts` writes them,
 * `contract.json` one folder up describes both sides, and `test/contract.test.ts` compares all three.
 */
export const DOORS_VARIABLE = 'WRAPPED_WEB_APP_DOORS';
export const OPTIONS_VARIABLE = 'WRAPPED_WEB_APP_OPTIONS';
/** The secrets of the CDN, separated by spaces. CloudFormation fills them in. */
export const CDN_SECRETS_VARIABLE = 'WRAPPED_WEB_APP_CDN_SECRETS';
/** Only in functions that run a command of an app: its words, as a JSON list. */
export const COMMAND_VARIABLE = 'WRAPPED_WEB_APP_COMMAND';

export const DOOR_NAMES = ['function-url', 'http-api', 'rest-api', 'alb'] as const;

export type DoorName = (typeof DOOR_NAMES)[number];

/** A front door that invokes this function: an element of the list in `DOORS_VARIABLE`. */
export interface DoorContract {
  readonly door: DoorName;
  /** The path at which the app is mounted on that door. Starts with a slash and does not end with one. Default: the root. */
  readonly mountPrefix?: string;
  /** The key under which a custom domain maps to an HTTP API: `v1` or `shop/v1`. Default: the root of the domain. */
  readonly mappingKey?: string;
  /**
   * Whether an HTTP API with an authorizer has OPTIONS routes without one at the mount path. The runtime answers every
   * request on them itself. Default: false.
   */
  readonly openPreflightRoutes?: boolean;
  /** Whether clients reach this door through a CDN, which sends a secret. The runtime refuses everybody else. Default: false. */
  readonly behindCdn?: boolean;
  readonly responseMode: 'buffered' | 'streaming';
}

/** How the runtime treats the app: the object in `OPTIONS_VARIABLE`. The defaults are in `settings.ts`. */
export interface RuntimeOptionsContract {
  readonly binarySupport?: boolean;
  readonly nonBinaryContentTypePrefixes?: readonly string[];
  readonly onUncaughtException?: 'continue' | 'exit';
  readonly eventPath?: string;
  readonly trustForwardedHost?: boolean;
  readonly warmUp?: string;
  readonly backgroundWork?: boolean;
}

/**
 * What the construct tells the runtime at deploy time: the other side of `src/private/contract.ts`.
 */
export const DOORS_VARIABLE = 'WRAPPED_WEB_APP_DOORS';
export const OPTIONS_VARIABLE = 'WRAPPED_WEB_APP_OPTIONS';

export type DoorName = 'function-url' | 'http-api' | 'rest-api' | 'alb';

/** A door that invokes this function. */
export interface DoorContract {
  readonly door: DoorName;
  /** Where the app is mounted on that door: starts with a slash, ends without one. Absent at the root. */
  readonly mountPrefix?: string;
  readonly responseMode: 'buffered' | 'streaming';
}

/** How the runtime treats the app; absent fields have the defaults of `makeLambdaHandler`. */
export interface RuntimeOptionsContract {
  readonly binarySupport?: boolean;
  readonly nonBinaryContentTypePrefixes?: readonly string[];
  readonly onUncaughtException?: 'continue' | 'exit';
  readonly eventPath?: string;
  readonly trustForwardedHost?: boolean;
}

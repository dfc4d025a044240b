import { CDN_SECRETS_VARIABLE, DOORS_VARIABLE, DoorContract, OPTIONS_VARIABLE, RuntimeOptionsContract } from './contract';

/** The settings of the runtime. They do not change between events. */
export interface Settings extends RuntimeOptionsContract {
  /** The front doors that the construct made. Without the construct it is absent, and only the event identifies the door. */
  readonly doors?: readonly DoorContract[];
  /** One of these comes with each request through a door behind a CDN. Absent if no door is behind one. */
  readonly cdnSecrets?: readonly string[];
  /** Whether the function uses Lambda's response streaming. */
  readonly responseStreaming: boolean;
}

/** The values that apply unless the construct or the caller of `makeLambdaHandler` sets others. */
export const DEFAULT_SETTINGS: Settings & { readonly [Option in keyof Required<RuntimeOptionsContract>]: RuntimeOptionsContract[Option] } = {
  // Undefined: base64 for everything that is not text, since every door that the construct makes decodes it.
  binarySupport: undefined,
  // Undefined: the bytes of the body decide.
  nonBinaryContentTypePrefixes: undefined,
  onUncaughtException: 'continue',
  // Undefined: events of other services are refused.
  eventPath: undefined,
  trustForwardedHost: false,
  // Undefined: nothing is requested in the init phase.
  warmUp: undefined,
  backgroundWork: false,
  responseStreaming: false,
};

/** Reads the environment variables that the construct set on the function. */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): Settings {
  const doors = parseVariable<DoorContract[]>(environment, DOORS_VARIABLE);
  const options = parseVariable<RuntimeOptionsContract>(environment, OPTIONS_VARIABLE);
  return {
    ...DEFAULT_SETTINGS,
    ...options,
    doors,
    cdnSecrets: environment[CDN_SECRETS_VARIABLE]?.split(' ').filter((secret) => secret !== ''),
    responseStreaming: doors?.some((door) => door.responseMode === 'streaming') ?? false,
  };
}

function parseVariable<T>(environment: NodeJS.ProcessEnv, name: string): T | undefined {
  const text = environment[name];
  if (text === undefined || text === '') {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${name}: must be the JSON that WrappedWebApp writes, got ${JSON.stringify(text)}; remove the variable or deploy again`, { cause });
  }
}

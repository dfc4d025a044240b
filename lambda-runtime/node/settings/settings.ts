import { DOORS_VARIABLE, DoorContract, OPTIONS_VARIABLE, RuntimeOptionsContract } from './contract';

/** Everything that the runtime knows before the first event. */
export interface Settings extends RuntimeOptionsContract {
  /** The front doors that the construct made. Absent without the construct: then only the event tells which door sent it. */
  readonly doors?: readonly DoorContract[];
  /** Whether the function answers with Lambda's response streaming. */
  readonly responseStreaming: boolean;
}

/** What holds where neither the construct nor the caller of `makeLambdaHandler` says anything. */
export const DEFAULT_SETTINGS: Settings & { readonly [Option in keyof Required<RuntimeOptionsContract>]: RuntimeOptionsContract[Option] } = {
  // Undefined: base64 for whatever is not text, since every door that the construct makes decodes it.
  binarySupport: undefined,
  // Undefined: the bytes of a body decide.
  nonBinaryContentTypePrefixes: undefined,
  onUncaughtException: 'continue',
  // Undefined: events of other services are refused.
  eventPath: undefined,
  trustForwardedHost: false,
  responseStreaming: false,
};

/** Reads what the construct wrote into the function's environment. */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): Settings {
  const doors = parseVariable<DoorContract[]>(environment, DOORS_VARIABLE);
  const options = parseVariable<RuntimeOptionsContract>(environment, OPTIONS_VARIABLE);
  return {
    ...DEFAULT_SETTINGS,
    ...options,
    doors,
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

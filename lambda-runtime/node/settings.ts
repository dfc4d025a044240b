import { DOORS_VARIABLE, DoorContract, OPTIONS_VARIABLE, RuntimeOptionsContract } from './contract';
import { EventSource } from './web-request';

/** Everything the runtime knows before the first event: the options, and the doors where a construct named them. */
export interface Settings extends RuntimeOptionsContract {
  /** Absent without the construct: then the event alone tells its door. */
  readonly doors?: readonly DoorContract[];
  /** Answer with Lambda's response streaming. */
  readonly responseStreaming: boolean;
}

/** Reads what the construct wrote into the function's environment. */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): Settings {
  const doors = parseVariable(environment, DOORS_VARIABLE) as DoorContract[] | undefined;
  const options = parseVariable(environment, OPTIONS_VARIABLE) as RuntimeOptionsContract | undefined;
  return { ...options, doors, responseStreaming: doors?.some((door) => door.responseMode === 'streaming') ?? false };
}

/** Where the app is mounted on the door that sent an event. */
export function mountPrefixOf(settings: Settings, source: EventSource): string | undefined {
  return settings.doors?.find((door) => door.door === source)?.mountPrefix;
}

function parseVariable(environment: NodeJS.ProcessEnv, name: string): unknown {
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

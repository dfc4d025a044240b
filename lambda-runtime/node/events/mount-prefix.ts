import { DoorName } from '../settings/contract';
import { Settings } from '../settings/settings';

/** The path at which the construct mounted the app on this front door. */
export function mountPrefixOf(settings: Settings, source: DoorName): string | undefined {
  return settings.doors?.find((door) => door.door === source)?.mountPrefix;
}

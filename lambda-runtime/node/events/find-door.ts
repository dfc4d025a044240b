import { textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { hasPrefix } from './request-target';
import { DoorContract, DoorName } from '../settings/contract';
import { Settings } from '../settings/settings';

/**
 * The door that sent an event. Several doors of one kind differ in their mount prefix, with which the route of the event
 * begins. Events of an ALB and of a Function URL have no route, so there the path of the request decides.
 *
 * @param event has the route, if the door has routes
 */
export function findDoor({ doors = [] }: Settings, kind: DoorName, path: string, event?: LambdaEvent): DoorContract | undefined {
  const first = doors.find(({ door }) => door === kind);
  if (doors.length < 2 || first === undefined) {
    return first;
  }
  const ofKind = doors.filter(({ door }) => door === kind);
  if (ofKind.length === 1) {
    return first;
  }
  const route = event && routeOf(event);
  return (route === undefined ? undefined : findDeepest(ofKind, route)) ?? findDeepest(ofKind, path);
}

/** The door with the longest mount prefix with which the path begins. */
function findDeepest(doors: readonly DoorContract[], path: string): DoorContract | undefined {
  let deepest: DoorContract | undefined;
  for (const door of doors) {
    const { mountPrefix = '' } = door;
    const isLonger = deepest === undefined || mountPrefix.length > (deepest.mountPrefix ?? '').length;
    if (isLonger && (mountPrefix === '' || hasPrefix(path, mountPrefix))) {
      deepest = door;
    }
  }
  return deepest;
}

/** The path pattern that the request matched: `/shop/{proxy+}`, or `$default`. Undefined in events that have no such field. */
function routeOf(event: LambdaEvent): string | undefined {
  const route = textOf(event.routeKey, textOf(event.resource, ''));
  return route === '' ? undefined : route.slice(route.lastIndexOf(' ') + 1);
}

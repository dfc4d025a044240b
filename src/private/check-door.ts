import { FrontDoorConfig } from '../front-door';

const DOORS = ['function-url', 'http-api', 'rest-api', 'alb'];

/**
 * Refuses what a front door of the user's own must not say, and what cannot share a function.
 *
 * The runtime believes these values: a wrong one would fail at the first request instead of here.
 */
export function checkDoor(path: string, door: FrontDoorConfig, others: FrontDoorConfig[], responseStreaming: boolean): void {
  const { door: name, mountPrefix, responseMode } = door;
  if (!DOORS.includes(name)) {
    throw new Error(`${path}: a front door must say whose events it hands on: door must be one of ${DOORS.join(', ')}, got ${JSON.stringify(name)}`);
  }
  if (responseMode !== 'buffered' && responseMode !== 'streaming') {
    throw new Error(`${path}: a front door must say how it takes responses: responseMode must be 'buffered' or 'streaming', got ${JSON.stringify(responseMode)}`);
  }
  if (mountPrefix !== undefined && !/^(\/[^/\s]+)+$/.test(mountPrefix)) {
    throw new Error(`${path}: mountPrefix must start with a slash and end without one, or be absent at the root, got ${JSON.stringify(mountPrefix)}`);
  }
  if (responseStreaming && responseMode === 'buffered') {
    throw new Error(`${path}: responseStreaming is true, but this front door takes buffered responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
  }
  const other = others.find(each => each.responseMode !== responseMode);
  if (other) {
    throw new Error(`${path}: front door '${name}' takes ${responseMode} responses and '${other.door}' takes ${other.responseMode} ones, `
      + 'but a function can only give one kind; use doors that agree, or a second app with the same entry');
  }
}

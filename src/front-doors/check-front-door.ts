import { FRONT_DOOR_NAMES, FrontDoorConfig } from './i-front-door';

/**
 * Checks what a front door returned.
 *
 * The runtime trusts these values. Without this check a wrong value would fail at the first request, and not at synth.
 */
export function checkFrontDoor(path: string, config: FrontDoorConfig, responseStreaming: boolean): void {
  const { door, mountPrefix, mappingKey, openPreflightRoutes, responseMode, cdnSecrets } = config;
  if (!FRONT_DOOR_NAMES.includes(door)) {
    throw new Error(`${path}: a front door must return the format of its events: door must be one of ${FRONT_DOOR_NAMES.join(', ')}, got ${JSON.stringify(door)}`);
  }
  if (responseMode !== 'buffered' && responseMode !== 'streaming') {
    throw new Error(`${path}: a front door must return how it takes responses: responseMode must be 'buffered' or 'streaming', got ${JSON.stringify(responseMode)}`);
  }
  if (mountPrefix !== undefined && !/^(\/[^/\s]+)+$/.test(mountPrefix)) {
    throw new Error(`${path}: mountPrefix must start with a slash and end without one, or be undefined at the root, got ${JSON.stringify(mountPrefix)}`);
  }
  if ((mappingKey !== undefined || openPreflightRoutes) && door !== 'http-api') {
    throw new Error(`${path}: mappingKey and openPreflightRoutes are for front doors that send the events of an 'http-api', got door '${door}'; drop them`);
  }
  if (mappingKey !== undefined && !/^[^/\s]+(\/[^/\s]+)*$/.test(mappingKey)) {
    throw new Error(`${path}: mappingKey must have no slash at its ends, or be undefined at the root of the domain, got ${JSON.stringify(mappingKey)}`);
  }
  if (cdnSecrets && cdnSecrets.length === 0) {
    throw new Error(`${path}: cdnSecrets is empty, so the runtime would refuse every request; add the value that the CDN sends, or drop cdnSecrets`);
  }
  if (responseStreaming && responseMode === 'buffered') {
    throw new Error(`${path}: responseStreaming is true, but this front door takes buffered responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
  }
  if (!responseStreaming && responseMode === 'streaming') {
    throw new Error(`${path}: this front door takes streamed responses, but responseStreaming is not set; set responseStreaming: true on the app, `
      + 'or use a front door that takes buffered responses');
  }
}

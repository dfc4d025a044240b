import { mapOf, textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { findDoor } from './find-door';
import { MountedPath, escapeDecodedPath, mount } from './request-target';
import { Settings } from '../settings/settings';

/**
 * The path of an HTTP API below its stage, its mapping key and the mount prefix of the door.
 *
 * A named stage is the first segment of the path, on custom domains too. Only on the default domain is it part of the
 * client's URL, and therefore of the mount prefix. In some payload 1.0 events the path lacks the stage;
 * `requestContext.path` always has it.
 *
 * In payload format 2.0 the path is decoded; for 1.0 the sources disagree. Escaping only illegal characters is right for both.
 */
export function httpApiPath(path: string, event: LambdaEvent, settings: Settings): MountedPath {
  const context = mapOf(event.requestContext);
  const isCustomDomain = !textOf(context.domainName, '.execute-api.').includes('.execute-api.');
  const stage = textOf(context.stage, '$default');
  const stagePrefix = stage === '$default' ? '' : `/${stage}`;

  const belowStage = stagePrefix !== '' && context.path === stagePrefix + path
    ? { path, mountPrefix: escapeDecodedPath(stagePrefix) }
    : mount({ path, mountPrefix: '' }, stagePrefix);
  const door = findDoor(settings, 'http-api', belowStage.path, event);
  const below = isCustomDomain ? belowMappingKey(belowStage, stagePrefix, door?.mappingKey) : belowStage;
  return mount({ path: escapeDecodedPath(below.path), mountPrefix: below.mountPrefix }, door?.mountPrefix);
}

/**
 * The path on a custom domain. The client's URL has the mapping key and no stage. Events normally have no key; some
 * sources say that they do, before or after the stage, so it is removed where it is.
 *
 * @see https://github.com/CodeGenieApp/serverless-express/issues/465
 */
function belowMappingKey({ path, mountPrefix }: MountedPath, stagePrefix: string, mappingKey: string | undefined): MountedPath {
  if (!mappingKey) {
    return { path, mountPrefix: '' };
  }
  const key = `/${mappingKey}`;
  const below = mount({ path, mountPrefix: '' }, key);
  const hadOnlyKey = mountPrefix === '' && below.mountPrefix !== '';
  return { path: hadOnlyKey ? mount(below, stagePrefix).path : below.path, mountPrefix: escapeDecodedPath(key) };
}

import { mapOf, textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { MountedPath, escapeDecodedPath, mount } from './request-target';

/**
 * The path of an HTTP API below its stage.
 *
 * A named stage is the first segment of the path, on custom domains too. Only on the default domain is it part of the
 * client's URL, and therefore of the mount prefix. In some payload 1.0 events the path lacks the stage;
 * `requestContext.path` always has it.
 *
 * In payload format 2.0 the path is decoded; for 1.0 the sources disagree. Escaping only illegal characters is right for both.
 */
export function httpApiPathBelowStage(path: string, event: LambdaEvent): MountedPath {
  const context = mapOf(event.requestContext);
  const stage = textOf(context.stage, '$default');
  if (stage === '$default') {
    return { path: escapeDecodedPath(path), mountPrefix: '' };
  }
  const prefix = `/${stage}`;
  const below = context.path === prefix + path
    ? { path, mountPrefix: escapeDecodedPath(prefix) }
    : mount({ path, mountPrefix: '' }, prefix);
  const isStagePublic = textOf(context.domainName, '.execute-api.').includes('.execute-api.');
  return { path: escapeDecodedPath(below.path), mountPrefix: isStagePublic ? below.mountPrefix : '' };
}

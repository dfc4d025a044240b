import { mapOf, textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { MountedPath, escapeDecodedPath, mount } from './request-target';

/**
 * The path of an HTTP API below its stage.
 *
 * A named stage is the first segment of the path, on custom domains too. It is in the client's URL on the default domain
 * only, so only there it is part of the mount prefix. Some payload 1.0 events have lost it: `requestContext.path`, which
 * always has it, shows that.
 *
 * Payload format 2.0 has the path decoded; sources disagree about 1.0. Escaping only what is illegal suits both.
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

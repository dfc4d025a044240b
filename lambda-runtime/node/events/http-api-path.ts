import { LambdaEvent, mapOf, textOf } from './event-format';
import { MountedPath, escapePath, mount } from './request-target';

/**
 * The path of an HTTP API below its stage. A named stage is in the path on custom domains too, though not in
 * their URLs, so it is part of the mount prefix on the default domain only.
 *
 * The path arrives decoded in payload format 2.0; whether it does in 1.0 is disputed. Escaping only what is
 * illegal suits both.
 */
export function httpApiPathBelowStage(path: string, event: LambdaEvent): MountedPath {
  const context = mapOf(event.requestContext);
  const stage = textOf(context.stage, '$default');
  const below = mount({ path, mountPrefix: '' }, stage === '$default' ? undefined : `/${stage}`);
  const stageIsPublic = textOf(context.domainName, '.execute-api.').includes('.execute-api.');
  return { path: escapePath(below.path), mountPrefix: stageIsPublic ? below.mountPrefix : '' };
}

import { toWebApp } from '../../../lambda-runtime/node/apps/web-app';
import { handlerFor } from '../../../lambda-runtime/node/lambda-handler';
import { DEFAULT_SETTINGS, Settings } from '../../../lambda-runtime/node/settings/settings';

/** The Lambda handler of an app, with the defaults for all settings that are not given. */
export function handlerOf(app: unknown, settings: Partial<Settings> = {}) {
  return handlerFor(async () => (await toWebApp(app))!, { ...DEFAULT_SETTINGS, ...settings }, false);
}

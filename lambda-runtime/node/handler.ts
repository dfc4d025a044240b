import { catchListen } from './catch-listen';
import { LambdaHandler, lambdaHandler } from './lambda-handler';
import { loadApp } from './load-app';
import { settingsFromEnvironment } from './settings';

export * from './index';

/** On load, since the bundle loads the user's module right after this one. */
const caught = catchListen();

/**
 * The entry point of bundles that the construct makes: turns the user's module into the function's handler.
 *
 * @param exports what the user's module exports
 * @param source the entry as the user wrote it, and the export that they named, if any
 */
export function serveModule(exports: Record<string, unknown>, source: { file: string; exportName?: string }): LambdaHandler {
  return lambdaHandler(() => loadApp({ exports, ...source }, caught), settingsFromEnvironment(process.env));
}

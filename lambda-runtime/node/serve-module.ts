import { catchListen } from './apps/catch-listen';
import { loadApp } from './apps/load-app';
import { WebApp } from './apps/web-app';
import { cacheRequiredBuiltins } from './builtin-cache';
import { BackgroundExtension } from './invocations/background-extension';
import { LambdaHandler } from './invocations/lambda-context';
import { log } from './invocations/log';
import { remedyFor } from './invocations/remedy';
import { mapStackTraces, moduleIsLoaded } from './invocations/stack-traces';
import { handlerFor } from './lambda-handler';
import { settingsFromEnvironment } from './settings/settings';
import { warmUp } from './warm-up';

export * from './index';

mapStackTraces();
const stopCaching = cacheRequiredBuiltins();

/** At load time, since the bundle loads the user's module right after this one. */
export const caught = catchListen();

/** Lambda gives the init phase 10 seconds: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_WAIT_MS = 8_000;

/**
 * The entry point of bundles that the construct makes: turns the user's module into the function's handler.
 *
 * @param namespace what the user's module exports
 * @param source the entry as the user wrote it, and the export if the user named one
 */
export async function serveModule(namespace: Record<string, unknown>, source: { file: string; exportName?: string }): Promise<LambdaHandler> {
  return startInInit(loadApp({ exports: namespace, ...source }, caught), source.file);
}

/**
 * Resolves when the app is ready and has answered the warm-up request, if the settings have one, so that both lie within
 * Lambda's init phase. If the app needs longer than `INIT_WAIT_MS`, it continues during the first request. Rejects if the app
 * cannot start: Lambda then starts another environment.
 */
export async function startInInit(app: Promise<WebApp>, file: string): Promise<LambdaHandler> {
  moduleIsLoaded();
  const settings = settingsFromEnvironment(process.env);
  const extension = BackgroundExtension.isNeeded(settings) ? new BackgroundExtension() : undefined;
  const handler = handlerFor(() => app, settings, false, extension);
  const ends = Date.now() + INIT_WAIT_MS;
  let timer: NodeJS.Timeout;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      log('warn', `${file} did not start within ${INIT_WAIT_MS / 1000} seconds; the first request waits for it`);
      resolve(undefined);
    }, INIT_WAIT_MS).unref();
  });
  try {
    const ready = await Promise.race([app, late]);
    clearTimeout(timer!);
    if (ready !== undefined) {
      await warmUp(ready, settings, ends - Date.now());
    }
  } catch (error) {
    const remedy = remedyFor(error);
    if (remedy !== undefined) {
      // Lambda's runtime client logs the error itself.
      log('error', `${file} cannot start: ${remedy}`);
    }
    throw error;
  } finally {
    clearTimeout(timer!);
    stopCaching();
  }
  await extension?.ready;
  return handler;
}

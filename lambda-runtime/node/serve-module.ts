import { catchListen } from './apps/catch-listen';
import { loadApp } from './apps/load-app';
import { LambdaHandler } from './invocations/lambda-context';
import { log } from './invocations/log';
import { handlerFor } from './lambda-handler';
import { settingsFromEnvironment } from './settings/settings';

export * from './index';

/** On load, since the bundle loads the user's module right after this one. */
const caught = catchListen();

/** Lambda gives the init phase 10 seconds: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_WAIT_MS = 8_000;

/**
 * The entry point of bundles that the construct makes: turns the user's module into the function's handler.
 *
 * Resolves once the app can serve, so that Lambda's init phase covers its start; an app that is not that far when the phase
 * is nearly over goes on during the first request. Rejects where the app cannot start: Lambda then starts another environment.
 *
 * @param exports what the user's module exports
 * @param source the entry as the user wrote it, and the export that they named, if any
 */
export async function serveModule(exports: Record<string, unknown>, source: { file: string; exportName?: string }): Promise<LambdaHandler> {
  const app = loadApp({ exports, ...source }, caught);
  const handler = handlerFor(() => app, settingsFromEnvironment(process.env), false);
  let timer: NodeJS.Timeout;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log('warn', `${source.file} has not started after ${INIT_WAIT_MS / 1000} seconds: the first request waits for it`);
      resolve();
    }, INIT_WAIT_MS).unref();
  });
  try {
    await Promise.race([app, late]);
  } finally {
    clearTimeout(timer!);
  }
  return handler;
}

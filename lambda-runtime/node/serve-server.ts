import * as path from 'node:path';
import { loadApp } from './apps/load-app';
import { loadMainModule } from './apps/load-main-module';
import { LambdaHandler } from './invocations/lambda-context';
import { log } from './invocations/log';
import { caught, startInInit } from './serve-module';

// Also what bundles import whose runtime lies beside them.
export * from './serve-module';

/** A server that was built elsewhere, and lies in the asset as it is. */
export interface ServerProgram {
  /** The file that starts the server, relative to the asset. */
  readonly file: string;
  /** The export that is the app, if the user named one. */
  readonly exportName?: string;
  /** The command-line arguments that the server expects. */
  readonly args?: readonly string[];
}

/**
 * The entry point of assets that hold a built server: runs its file as `node file ...args` does, and returns the function's handler.
 *
 * This module is loaded before any of the server's, so the `listen()` of every module is caught.
 *
 * @param root the folder of the asset
 */
export async function serveServer(root: string, { file, exportName, args = [] }: ServerProgram): Promise<LambdaHandler> {
  const main = path.join(root, file);
  // Servers read their arguments, and compare the first with their own path.
  process.argv = [process.execPath, main, ...args];
  const exit = process.exit;
  process.exit = (code): never => {
    log('error', `${file} ended the process with exit code ${code ?? process.exitCode ?? 0} before it called listen(); `
      + `if it expects arguments, set them as args of the server, got args ${JSON.stringify(args)}`);
    return exit(code);
  };
  const app = loadMainModule(main).then(async (exports) => loadApp({ exports, file, exportName, isProgram: true }, caught)).finally(() => {
    process.exit = exit;
  });
  return startInInit(app, file);
}

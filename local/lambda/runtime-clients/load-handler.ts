import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (event: unknown, context: object, callback?: (error: unknown, result: unknown) => void) => unknown;

/**
 * Loads a function's handler as Lambda does: `src/app.handler` is the export `handler`
 * of `src/app`, `src/app.js`, `.mjs` or `.cjs` in the task's folder.
 *
 * @throws errors with the names that Lambda uses
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export async function loadHandler(taskRoot: string, handlerName: string): Promise<Handler> {
  const [, directory, file, exportPath] = /^(.*\/)?([^/.]+)\.(.+)$/.exec(handlerName) ?? [];
  if (!file) {
    throw named('Runtime.MalformedHandlerName', `expected a handler of the form file.export, got '${handlerName}'`);
  }
  const base = path.resolve(taskRoot, directory ?? '', file);
  // The first one matches a folder too, which then cannot be loaded.
  const found = ['', '.js', '.mjs', '.cjs'].map((extension) => base + extension).find((candidate) => fs.existsSync(candidate));
  if (!found) {
    throw named('Runtime.ImportModuleError', `cannot find module '${directory ?? ''}${file}' of handler '${handlerName}' in ${taskRoot}`);
  }
  const loaded = await import(pathToFileURL(found).href) as Record<string, any>;
  const handler = pick(loaded, exportPath) ?? pick(loaded.default, exportPath);
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  }
  return handler as Handler;
}

function pick(exports: any, exportPath: string): unknown {
  return exportPath.split('.').reduce((value, name) => value?.[name], exports);
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import Module from 'node:module';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBuiltinCache } from '../builtin-cache';

/** Not documented, but unchanged since the first versions of Node: with `isMain`, `require.main === module` is true in the module. */
const { _load: loadCommonJs } = Module as unknown as { _load(file: string, parent: null, isMain: true): unknown };

/** What `require` throws for an ES module, before it runs any of it: https://nodejs.org/api/errors.html */
const IS_ES_MODULE = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'];

/** Loads a module as `node file` does, and returns its exports. */
export async function loadMainModule(file: string): Promise<Record<string, unknown>> {
  if (!isEsModule(file)) {
    try {
      const main = loadCommonJs(file, null, true);
      return typeof main === 'object' && main !== null && '__esModule' in main ? main as Record<string, unknown> : { default: main };
    } catch (error) {
      // A .js file without a type in its package.json may be either.
      if (!IS_ES_MODULE.includes((error as NodeJS.ErrnoException).code!)) {
        throw error;
      }
    }
  }
  // Servers that are ES modules import `node:http`, and Node reads all exports of what a module imports.
  withBuiltinCache(() => void (http as { WebSocket?: unknown }).WebSocket);
  return await import(pathToFileURL(file).href) as Record<string, unknown>;
}

/** https://nodejs.org/api/packages.html#determining-module-system */
function isEsModule(file: string): boolean {
  const extension = path.extname(file);
  return extension === '.mjs' || (extension !== '.cjs' && typeOfPackage(path.dirname(file)) === 'module');
}

function typeOfPackage(directory: string): unknown {
  const file = path.join(directory, 'package.json');
  if (existsSync(file)) {
    return (JSON.parse(readFileSync(file, 'utf8')) as { type?: unknown }).type;
  }
  const parent = path.dirname(directory);
  return parent === directory || path.basename(parent) === 'node_modules' ? undefined : typeOfPackage(parent);
}

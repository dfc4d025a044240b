import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { OWN_REQUEST } from './own-request';

/** From this size on a file is worth it. esbuild makes a module of a smaller one, of which it can leave out what nobody reads. */
const LARGE_BYTES = 8 * 1024;

/** Makes a module of its own of the file if it is imported too: which of the two esbuild meets first differs from run to run. */
const SUFFIX = '?required';

/** A string, which is kept, or whitespace between the tokens of JSON. */
const STRING_OR_SPACE = /("(?:[^"\\]|\\.)*")|\s+/g;

/**
 * Bundles a large JSON file that is required as a string, which the code parses when it is required, as Node does. As an object in the
 * code, V8 would read each of its properties twice: once with the bundle, and again when it is required. Express and Koa load all types
 * of mime-db, and start in a tenth less time. https://v8.dev/blog/cost-of-javascript-2019#json
 *
 * A JSON file that is imported is left to esbuild, which has its properties as exports.
 */
export function jsonFiles(): Plugin {
  return {
    name: 'json-files',
    setup(build) {
      // The user has chosen how they are loaded.
      if (build.initialOptions.loader?.['.json'] !== undefined) return;

      build.onResolve({ filter: /\.json$/ }, async args => {
        if (args.kind !== 'require-call' || args.pluginData === OWN_REQUEST) return undefined;
        const { importer, kind, namespace, resolveDir } = args;
        const resolved = await build.resolve(args.path, { importer, kind, namespace, resolveDir, pluginData: OWN_REQUEST });
        const isFile = resolved.errors.length === 0 && !resolved.external && resolved.namespace === 'file';
        return isFile && await isLargeJson(resolved.path) ? { path: resolved.path, suffix: SUFFIX, sideEffects: resolved.sideEffects } : undefined;
      });
      build.onLoad({ filter: /\.json$/, namespace: 'file' }, async args => {
        if (args.suffix !== SUFFIX) return undefined;
        const text = await readFile(args.path, 'utf8');
        return { contents: `module.exports = JSON.parse(${JSON.stringify(text.replace(STRING_OR_SPACE, '$1'))});`, loader: 'js' };
      });
    },
  };
}

/** What is no JSON, or cannot be read, is left to esbuild, which says what is wrong. */
async function isLargeJson(file: string): Promise<boolean> {
  try {
    const text = await readFile(file, 'utf8');
    JSON.parse(text);
    return text.length >= LARGE_BYTES;
  } catch {
    return false;
  }
}

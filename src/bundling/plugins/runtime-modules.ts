import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';
import { NodeEntry } from '../node-entry';

/** The name of the module that esbuild begins with: the user's app inside the runtime. */
export const ENTRY_MODULE = 'wrapped-web-app:entry';

/** What users import to call the runtime themselves. */
const PUBLIC_NAME = 'cdk-wrapped-web-app/lambda-runtime/node';

/**
 * The runtime lies in a namespace of its own, so that neither the output nor its source map names the place where this
 * library is installed: that would be another hash on every machine.
 */
const NAMESPACE = 'cdk-wrapped-web-app';

/** Puts the built runtime and the user's app together. */
export function runtimeModules(runtimeDirectory: string, entry: NodeEntry, format: 'cjs' | 'esm'): Plugin {
  return {
    name: 'runtime-modules',
    setup(build) {
      build.onResolve({ filter: /^wrapped-web-app:entry$/ }, () => ({ path: 'entry', namespace: NAMESPACE }));
      build.onLoad({ filter: /^entry$/, namespace: NAMESPACE }, () => ({
        contents: entryModule(entry, format),
        resolveDir: path.dirname(entry.file),
      }));

      // One runtime in the bundle, however many parts of it, or of the user's code, import it.
      build.onResolve({ filter: new RegExp(`^${PUBLIC_NAME}$`) }, () => ({ path: 'lambda-runtime/node/index.mjs', namespace: NAMESPACE }));
      build.onResolve({ filter: /^wrapped-web-app:runtime$/ }, () => ({ path: 'lambda-runtime/node/serve-module.mjs', namespace: NAMESPACE }));
      build.onResolve({ filter: /^\.\.?\//, namespace: NAMESPACE }, args => (
        args.importer === 'entry' ? undefined : { path: path.posix.join(path.posix.dirname(args.importer), args.path), namespace: NAMESPACE }
      ));
      build.onLoad({ filter: /^lambda-runtime\/node\//, namespace: NAMESPACE }, async args => ({
        contents: await readFile(path.join(runtimeDirectory, path.posix.relative('lambda-runtime/node', args.path)), 'utf8'),
        loader: 'js',
      }));
    },
  };
}

/**
 * The runtime comes first: on load it starts to catch the app's `listen()`.
 *
 * An app is ready after a while, and only an ES module can make Lambda's init phase wait for it: a CommonJS bundle exports a
 * promise, and the module beside it waits (see `awaitingModule`).
 */
function entryModule(entry: NodeEntry, format: 'cjs' | 'esm'): string {
  const { relativeFile: file, exportName } = entry;
  return [
    'import { serveModule } from "wrapped-web-app:runtime";',
    `import * as app from ${JSON.stringify(`./${path.basename(entry.file)}`)};`,
    `export const handler = ${format === 'esm' ? 'await ' : ''}serveModule(app, ${JSON.stringify({ file, exportName })});`,
  ].join('\n');
}

/** The ES module that Lambda loads in front of a CommonJS bundle. */
export function awaitingModule(bundleFile: string): string {
  return [
    "import { createRequire } from 'node:module';",
    `export const handler = await createRequire(import.meta.url)(${JSON.stringify(`./${bundleFile}`)}).handler;`,
    '',
  ].join('\n');
}

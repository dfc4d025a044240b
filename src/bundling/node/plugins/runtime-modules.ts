import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';
import { NodeEntry } from '../node-entry';

/** The name of the module that esbuild starts with. It connects the user's app with the runtime. */
export const ENTRY_MODULE = 'wrapped-web-app:entry';

/** The module that users import to call the runtime themselves. */
const PUBLIC_NAME = 'cdk-wrapped-web-app/lambda-runtime/node';

/** The file with the runtime if it is not in the bundle but beside it. */
export const SEPARATE_RUNTIME = 'wrapped-web-app-runtime.mjs';

/**
 * The runtime has its own namespace, so that the output and its source map do not contain the folder of this library: the hash would be
 * different on every machine.
 */
const NAMESPACE = 'cdk-wrapped-web-app';

/**
 * Connects the built runtime with the user's app.
 *
 * @param isSeparate whether the runtime is a file beside the bundle
 */
export function runtimeModules(runtimeDirectory: string, entry: NodeEntry, format: 'cjs' | 'esm', isSeparate: boolean): Plugin {
  return {
    name: 'runtime-modules',
    setup(build) {
      build.onResolve({ filter: /^wrapped-web-app:entry$/ }, () => ({ path: 'entry', namespace: NAMESPACE }));
      build.onLoad({ filter: /^entry$/, namespace: NAMESPACE }, () => ({
        contents: entryModule(entry, format),
        resolveDir: path.dirname(entry.file),
      }));

      if (isSeparate) {
        build.onResolve({ filter: new RegExp(`^(wrapped-web-app:runtime|${PUBLIC_NAME})$`) }, () => ({ path: `./${SEPARATE_RUNTIME}`, external: true }));
      }
      // All imports of the runtime, also those of the user's code, lead to one copy in the bundle.
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
 * The runtime is imported first, because it must be ready to catch the `listen()` of the app.
 *
 * An app may need time to start, and only an ES module can make Lambda's init phase wait for it. A CommonJS bundle exports a promise, and
 * an ES module next to it waits for this promise (see `awaitingModule`).
 */
function entryModule(entry: NodeEntry, format: 'cjs' | 'esm'): string {
  const { relativeFile: file, exportName } = entry;
  return [
    'import { serveModule } from "wrapped-web-app:runtime";',
    `import * as app from ${JSON.stringify(`./${path.basename(entry.file)}`)};`,
    `export const handler = ${format === 'esm' ? 'await ' : ''}serveModule(app, ${JSON.stringify({ file, exportName })});`,
  ].join('\n');
}

/** The ES module that Lambda loads, and that loads the CommonJS bundle and waits for its app. */
export function awaitingModule(bundleFile: string): string {
  return [
    "import { createRequire } from 'node:module';",
    `export const handler = await createRequire(import.meta.url)(${JSON.stringify(`./${bundleFile}`)}).handler;`,
    '',
  ].join('\n');
}

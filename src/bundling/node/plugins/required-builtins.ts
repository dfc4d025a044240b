import { isBuiltin } from 'node:module';
import * as path from 'node:path';
import type { Metafile, Plugin } from 'esbuild';
import { OWN_REQUEST } from './own-request';
import { filesInCircles } from '../circular-imports';

export const REQUIRED_BUILTINS = 'required-builtins';

const NAMESPACE = 'wrapped-web-app-builtins';

/** The files that import themselves through others, and modules of Node. */
export function circularImporters(metafile: Metafile): Set<string> {
  const requires = (file: string) => metafile.inputs[file].imports.some(imported => imported.path.startsWith(`${NAMESPACE}:`));
  return new Set([...filesInCircles(metafile)].filter(requires));
}

/**
 * Turns the imports of Node's modules in an ES module into calls of `require`.
 *
 * When a module is imported, Node reads all of its exports, used or not. One export of `node:http` is `WebSocket`, for which Node 22 and
 * later load `fetch`, TLS, HTTP/2 and dozens of other modules: an Express app takes twice as long to start. Besides, the runtime can have
 * Node's modules loaded from Node's code cache only if they are required.
 *
 * Imports in packages that are not bundled, and `import()`, stay as they are. So do those of files that import themselves through others:
 * a function of such a file may be called before the file runs, when Node has loaded what it imports, but no `require` was called yet.
 *
 * @param circular the paths of these files, relative to the folder that esbuild works in: see `circularImporters`
 */
export function requiredBuiltins(format: 'cjs' | 'esm', circular: ReadonlySet<string>): Plugin {
  return {
    name: REQUIRED_BUILTINS,
    setup(build) {
      build.onResolve({ filter: /^[a-z]/ }, async args => {
        // In CommonJS esbuild itself makes calls of `require` of all imports.
        if (format === 'cjs' || args.kind !== 'import-statement' || args.pluginData === OWN_REQUEST || !isOfNode(args.path)) return undefined;
        const { importer, kind, namespace, resolveDir } = args;
        if (circular.has(path.relative(build.initialOptions.absWorkingDir!, importer).split(path.sep).join('/'))) return undefined;
        // An alias may have something else for the name.
        const { external } = await build.resolve(args.path, { importer, kind, namespace, resolveDir, pluginData: OWN_REQUEST });
        return external ? { path: args.path, namespace: NAMESPACE, sideEffects: false } : undefined;
      });
      // Modules of Node that esbuild does not know by these names.
      build.onResolve({ filter: /^(inspector|readline)\/promises$/ }, args => ({ path: `node:${args.path}`, external: true }));
      build.onLoad({ filter: /./, namespace: NAMESPACE }, args => ({ contents: `module.exports = require(${JSON.stringify(args.path)});`, loader: 'js' }));
    },
  };
}

/** The same on every Node that builds: an older one does not know all modules, such as `node:sqlite`. */
function isOfNode(name: string): boolean {
  return name.startsWith('node:') || isBuiltin(name);
}

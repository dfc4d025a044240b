import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';
import { OWN_REQUEST } from './own-request';

export const REQUIRED_BUILTINS = 'required-builtins';

const NAMESPACE = 'wrapped-web-app-builtins';

/**
 * Turns the imports of Node's modules in an ES module into calls of `require`.
 *
 * When a module is imported, Node reads all of its exports, used or not. One export of `node:http` is `WebSocket`, for which Node 22 and
 * later load `fetch`, TLS, HTTP/2 and dozens of other modules: an Express app takes twice as long to start. Besides, the runtime can have
 * Node's modules loaded from Node's code cache only if they are required.
 *
 * Imports in packages that are not bundled, and `import()`, stay as they are.
 */
export function requiredBuiltins(format: 'cjs' | 'esm'): Plugin {
  return {
    name: REQUIRED_BUILTINS,
    setup(build) {
      // In CommonJS esbuild itself makes calls of `require` of all imports.
      if (format === 'cjs') return;

      build.onResolve({ filter: /^[a-z]/ }, async args => {
        if (args.kind !== 'import-statement' || args.pluginData === OWN_REQUEST || !isBuiltin(args.path)) return undefined;
        const { importer, kind, namespace, resolveDir } = args;
        // An alias may have something else for the name.
        const { external } = await build.resolve(args.path, { importer, kind, namespace, resolveDir, pluginData: OWN_REQUEST });
        return external ? { path: args.path, namespace: NAMESPACE, sideEffects: false } : undefined;
      });
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});`, loader: 'js' }));
    },
  };
}

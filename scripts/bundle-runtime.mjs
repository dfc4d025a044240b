// Bundles lambda-runtime/node into lib/: ES modules for the bundles of users' apps, which drop unused code, and a
// CommonJS file for users who call makeLambdaHandler themselves. The Python runtime is copied unchanged.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const shared = {
  absWorkingDir: new URL('..', import.meta.url).pathname,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Node's own modules are required, as in bundles: see src/bundling/node/plugins/required-builtins.ts. */
const requiredBuiltins = {
  name: 'required-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ kind, path }) => kind === 'import-statement' ? { path, namespace: 'builtins', sideEffects: false } : undefined);
    onLoad({ filter: /./, namespace: 'builtins' }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});` }));
  },
};

await build({
  ...shared,
  entryPoints: ['lambda-runtime/node/index.ts', 'lambda-runtime/node/serve-module.ts'],
  outdir: 'lib/lambda-runtime/node',
  format: 'esm',
  splitting: true,
  chunkNames: 'runtime',
  outExtension: { '.js': '.mjs' },
});
// In one file, for assets in which the runtime lies beside the app.
await build({
  ...shared,
  entryPoints: ['lambda-runtime/node/serve-server.ts'],
  outfile: 'lib/lambda-runtime/node/serve-server.mjs',
  format: 'esm',
  banner: { js: 'import { createRequire } from "node:module"; var require = createRequire(import.meta.url);' },
  plugins: [requiredBuiltins],
});
// A folder of its own, which is a layer of functions that run a command of an app.
await build({
  ...shared,
  entryPoints: ['lambda-runtime/node/commands/command-handler.ts'],
  outfile: 'lib/lambda-runtime/node/command-layer/wrapped-web-app-command.mjs',
  format: 'esm',
});
await build({
  ...shared,
  entryPoints: ['lambda-runtime/node/code-cache.ts'],
  outfile: 'lib/lambda-runtime/node/code-cache.cjs',
  format: 'cjs',
});
await build({
  ...shared,
  entryPoints: ['lambda-runtime/node/index.ts'],
  outfile: 'lib/lambda-runtime/node/index.cjs',
  format: 'cjs',
});

const python = (folder) => fileURLToPath(new URL(`../${folder}/python/wrapped_web_app_runtime`, import.meta.url));
rmSync(python('lib/lambda-runtime'), { recursive: true, force: true });
cpSync(python('lambda-runtime'), python('lib/lambda-runtime'), { recursive: true, filter: (file) => !file.endsWith('__pycache__') });

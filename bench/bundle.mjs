import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles an app with its adapter as for Lambda: one minified CommonJS file.
 * @param {{ framework: string, file: string, code: string, target?: string, appFile?: string }} options `code` may
 *   import 'app', which is bundled too, or is the export of `appFile`
 * @returns {number} its size in bytes
 */
export function bundle({ framework, file, code, target = 'node22', appFile }) {
  const directory = here(`.cache/apps/${framework}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/app.mjs`, `import { makeApp } from ${JSON.stringify(here(`apps/${framework}.mjs`))};\nexport const app = makeApp();\n`);
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: here('.'), loader: 'js' },
    alias: { app: appFile ?? `${directory}/app.mjs` },
    external: appFile === undefined ? [] : [appFile],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    target,
    outfile: file,
    logLevel: 'error',
  });
  writeFileSync(file, outputFiles[0].contents);
  return outputFiles[0].contents.length;
}

/** @param {string} name a package that the bench installs */
export function versionOf(name) {
  return JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), 'utf8')).version;
}

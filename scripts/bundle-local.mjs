// Bundles the local front doors into lib/local/: the command, and the clients that run in the functions' processes.
// The packages that they import are inlined; their licenses are written beside them.
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { renderLicenses } from './third-party-licenses.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = `${root}lib/local`;

rmSync(output, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    'local/cli.ts',
    'local/lambda/runtime-clients/node-client.ts',
    // Only for tests and the bench: the package does not have it.
    'local/lambda/runtime-api-server.ts',
  ],
  outdir: output,
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(`${output}/THIRD-PARTY-LICENSES.txt`, `${renderLicenses(metafile, root)}\n`);
chmodSync(`${output}/cli.js`, 0o755);
writeFileSync(`${output}/inspector.html`, await renderInspectorPage());
cpSync(`${root}local/lambda/runtime-clients/python_client.py`, `${output}/python_client.py`);

/** The inspector's page is one file: its style and script are written into its HTML. */
async function renderInspectorPage() {
  const page = `${root}local/inspector/page`;
  const { outputFiles: [script] } = await build({
    entryPoints: [`${page}/main.mjs`], bundle: true, write: false, format: 'iife', platform: 'browser', target: 'es2022', charset: 'utf8', logLevel: 'warning',
  });
  return readFileSync(`${page}/index.html`, 'utf8')
    .replace('/* style.css */', () => `\n${readFileSync(`${page}/style.css`, 'utf8')}`)
    .replace('/* main.mjs */', () => `\n${script.text}`);
}

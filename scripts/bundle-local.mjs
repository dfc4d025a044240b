// Bundles the local front doors into lib/local/: the command, and the clients that run in the functions' processes.
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = `${root}lib/local`;

rmSync(output, { recursive: true, force: true });
await build({
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
  logLevel: 'warning',
});
chmodSync(`${output}/cli.js`, 0o755);
cpSync(`${root}local/inspector/page.html`, `${output}/inspector.html`);
cpSync(`${root}local/lambda/runtime-clients/python_client.py`, `${output}/python_client.py`);

// Sends generated hostile events through the Node runtime and reports the results.
//
//     node scripts/fuzz.mjs [events] [seed]
//
// A million events by default. Exits with 1 if an event crashed the runtime, got no answer or got a wrong answer.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [count = '1000000', seed = '1'] = process.argv.slice(2);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const program = path('../.cache/tests/fuzz.mjs');

await build({
  entryPoints: [path('../test/lambda-runtime/node/fuzz/main.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
});
const { status } = spawnSync(process.execPath, ['--expose-gc', '--enable-source-maps', program, path('../test/fixtures/events'), count, seed], { stdio: 'inherit' });
process.exitCode = status ?? 1;

// Sends generated hostile events through both runtimes and reports the results.
//
//     node scripts/fuzz.mjs [node|python|both] [events] [seed]
//
// A million events through each runtime by default. Exits with 1 if an event crashed a runtime, got no answer, put a stack
// trace into the log, got past what protects an app, or got an answer that the door refuses.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const given = process.argv.slice(2);
const runtime = /^\d/.test(given[0] ?? '0') ? 'both' : given.shift();
const [count = '1000000', seed = '1'] = given;
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
for (const each of runtime === 'both' ? ['node', 'python'] : [runtime]) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', '--enable-source-maps', program, path('..'), each, count, seed], { stdio: 'inherit' });
  process.exitCode ||= status ?? 1;
}

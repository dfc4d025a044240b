// Synthesizes examples/express and serves it behind all four front doors. Arguments are passed to the serve command.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import './link-examples.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const example = path('../examples/express');

console.log('synthesizing examples/express …');
const synth = spawnSync(process.execPath, [path('../node_modules/aws-cdk/bin/cdk'), 'synth', '--quiet', '--no-notices', '--no-version-reporting'], {
  cwd: example,
  encoding: 'utf8',
  env: { ...process.env, PATH: `${path('../node_modules/.bin')}:${process.env.PATH}` },
});
if (synth.status !== 0) {
  process.stderr.write(synth.error?.stack ?? synth.stdout + synth.stderr);
  process.exit(synth.status ?? 1);
}

const serve = spawn(process.execPath, [path('../lib/local/cli.js'), 'serve', `${example}/cdk.out`, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => serve.kill(signal));
serve.on('exit', (code) => process.exit(code ?? 1));

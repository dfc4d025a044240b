/** See scripts/fuzz.mjs. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fuzz } from './run';

const [root, runtime, count, seed] = process.argv.slice(2);
const fixtures = join(root, 'test/fixtures/events');
const originals = readdirSync(fixtures).filter((file) => file.endsWith('.json')).map((file) => JSON.parse(readFileSync(join(fixtures, file), 'utf8')));

/** After Ctrl-C, the summary of the events so far. */
let isStopped = false;
process.on('SIGINT', () => { isStopped = true; });
process.on('SIGTERM', () => { isStopped = true; });

const progress = (done: number) => {
  if (done % 100_000 < 64) {
    process.stderr.write(`${runtime}: ${done} events\n`);
  }
  return isStopped;
};

fuzz(Number(count), Number(seed), originals, progress, runtime === 'python' ? root : undefined).then((summary) => {
  process.stdout.write(`${JSON.stringify({ runtime, node: process.versions.node, seed: Number(seed), ...summary }, null, 2)}\n`);
  process.exit(summary.problems.length === 0 ? 0 : 1);
}, (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bundle } from '../bundle.mjs';
import { contendersFor } from '../contenders.mjs';
import { eventOf } from '../formats.mjs';
import { scenariosFor } from '../scenarios.mjs';
import { median, medianInterval } from '../statistics.mjs';
import { canPin } from '../toolchain.mjs';

/** Differences of processor time below this value cannot be measured. */
const LEAST_MS = 0.05;
const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('fresh-process.cjs', import.meta.url));
const FORMAT = 'function-url';
/** The app alone. Loaded around itself, it takes the time of loading any file, which is not a cost of the adapter. */
const ALONE = 'export { app } from \'app\';';

/**
 * Bytes and init time that each contender adds to the app, its first request and its memory, in alternating fresh processes.
 *
 * An app takes up to 60 ms to load and varies by several, an adapter takes one or two. To measure the difference, the app
 * is loaded before the clock starts, and the time of a file that adds nothing is subtracted.
 *
 * @param {{ node: string, cpu?: string, framework: string, runtime: string, processes: number, directory: string }} options
 */
export async function measureCold({ node, cpu = canPin() ? String(availableParallelism() - 1) : undefined, framework, runtime, processes, directory }) {
  mkdirSync(directory, { recursive: true });
  const inputs = `${directory}/inputs.json`;
  const [small, , , image, upload] = scenariosFor(FORMAT).map((scenario) => JSON.stringify(eventOf(FORMAT, scenario)));
  writeFileSync(inputs, JSON.stringify({ small, image, upload }));
  const app = { file: `${directory}/${framework}-alone.cjs` };
  app.bytes = bundle({ framework, file: app.file, code: ALONE });
  app.gzip = gzipSync(readFileSync(app.file)).length;
  const contenders = contendersFor(framework).filter(({ kind }) => kind !== 'floor').map(({ id, code }) => {
    const [file, around] = [`${directory}/${framework}-${id}.cjs`, `${directory}/${framework}-${id}-around.cjs`];
    const entry = code({ framework, format: FORMAT, runtime });
    bundle({ framework, file: around, code: entry, appFile: app.file });
    const bytes = bundle({ framework, file, code: entry });
    return { id, file, around, bytes, gzip: gzipSync(readFileSync(file)).length, samples: [] };
  });
  const nothing = { around: `${directory}/${framework}-nothing-around.cjs`, samples: [] };
  bundle({ framework, file: nothing.around, code: ALONE, appFile: app.file });
  const timed = [nothing, ...contenders];
  const start = async (...parameters) => {
    const command = [node, PROGRAM, ...parameters];
    // Half of the spread of such short times comes from moving between processors.
    if (cpu !== undefined) {
      command.unshift('taskset', '-c', cpu);
    }
    const { stdout } = await run(command[0], command.slice(1), { env: environment(), maxBuffer: 16 * 1024 * 1024 });
    return JSON.parse(stdout.trim().split('\n').at(-1));
  };
  for (let round = processes > 1 ? -1 : 0; round < processes; round++) {
    for (let i = 0; i < timed.length; i++) {
      const contender = timed[(round + 1 + i) % timed.length];
      const sample = await start('added', contender.around, inputs, app.file);
      if (round >= 0) {
        contender.samples.push(sample);
      }
    }
  }
  for (const contender of contenders) {
    contender.whole = await start('whole', contender.file, inputs);
  }
  const fileAlone = median(nothing.samples.map(({ init }) => init));
  const ours = contenders.find(({ id }) => id === 'ours');
  return contenders.map(({ id, bytes, gzip, samples, whole }) => ({
    contender: id,
    bytesAdded: bytes - app.bytes,
    gzipAdded: gzip - app.gzip,
    initAdded: figure(samples, ours.samples, ({ init }) => init - fileAlone),
    first: figure(samples, ours.samples, ({ first }) => first),
    both: figure(samples, ours.samples, ({ init, first }) => init - fileAlone + first),
    init: whole.init,
    fetchLoaded: whole.fetchLoaded,
    rssAfterMany: whole.rssAfterMany,
    rssAfterLarge: whole.rssAfterLarge,
  }));
}

/** Milliseconds, our ratio to the contender within the rounds, and the confidence intervals of both medians. */
function figure(samples, ours, read) {
  const times = samples.map(read);
  // Values that are too small to measure must not be divisors.
  const ratios = times.map((time, round) => Math.max(0, read(ours[round])) / Math.max(time, LEAST_MS));
  return { ms: median(times), interval: medianInterval(times), ratio: median(ratios), ratioInterval: medianInterval(ratios) };
}

function environment() {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    WRAPPED_WEB_APP_DOORS: JSON.stringify([{ door: FORMAT, responseMode: 'buffered' }]),
  };
}

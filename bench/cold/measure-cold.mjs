import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bundle } from '../bundle.mjs';
import { contendersFor } from '../contenders.mjs';
import { eventOf } from '../formats.mjs';
import { scenariosFor } from '../scenarios.mjs';
import { median } from '../statistics.mjs';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('fresh-process.cjs', import.meta.url));
const FORMAT = 'function-url';
/** The app by itself: what is left when nothing is put around it. */
const ALONE = { id: 'alone', code: () => 'export { app } from \'app\';' };

/**
 * Bytes, init time, first request and memory of each contender, over the app alone, in fresh processes, in turn.
 * @param {{ node: string, cpu?: string, framework: string, runtime: string, processes: number, directory: string }} options
 */
export async function measureCold({ node, cpu, framework, runtime, processes, directory }) {
  mkdirSync(directory, { recursive: true });
  const inputs = `${directory}/inputs.json`;
  const [small, , , image, upload] = scenariosFor(FORMAT).map((scenario) => JSON.stringify(eventOf(FORMAT, scenario)));
  writeFileSync(inputs, JSON.stringify({ small, image, upload }));
  const contenders = [ALONE, ...contendersFor(framework).filter(({ kind }) => kind !== 'floor')].map(({ id, code }) => {
    const file = `${directory}/${framework}-${id}.cjs`;
    const bytes = bundle({ framework, file, code: code({ framework, format: FORMAT, runtime }) });
    return { id, file, bytes, gzip: gzipSync(readFileSync(file)).length, samples: [], long: [] };
  });
  const start = async ({ file }, ...parameters) => {
    const command = [node, PROGRAM, file, inputs, ...parameters];
    if (cpu !== undefined) {
      command.unshift('taskset', '-c', cpu);
    }
    const { stdout } = await run(command[0], command.slice(1), { env: environment(), maxBuffer: 16 * 1024 * 1024 });
    return JSON.parse(stdout.trim().split('\n').at(-1));
  };
  for (let round = processes > 1 ? -1 : 0; round < processes; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(round + 1 + i) % contenders.length];
      const sample = await start(contender);
      if (round >= 0) {
        contender.samples.push(sample);
      }
    }
  }
  for (const contender of contenders.slice(1)) {
    contender.long.push(await start(contender, 'long'));
  }
  const [alone, ...others] = contenders;
  return others.map(({ id, bytes, gzip, samples, long }) => ({
    contender: id,
    bytesAdded: bytes - alone.bytes,
    gzipAdded: gzip - alone.gzip,
    init: median(samples.map(({ init }) => init)),
    initAdded: median(samples.map(({ init }, round) => init - alone.samples[round].init)),
    first: median(samples.map(({ first }) => first)),
    fetchLoaded: samples.some(({ fetchLoaded }) => fetchLoaded),
    rssAfterMany: median(long.map(({ rssAfterMany }) => rssAfterMany)),
    rssAfterLarge: median(long.map(({ rssAfterLarge }) => rssAfterLarge)),
  }));
}

function environment() {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    WRAPPED_WEB_APP_DOORS: JSON.stringify([{ door: FORMAT, responseMode: 'buffered' }]),
  };
}

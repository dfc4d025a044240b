import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STREAM_CHUNK, STREAM_CHUNKS } from '../apps/content.mjs';
import { bundle } from '../bundle.mjs';
import { eventOf } from '../formats.mjs';
import { median } from '../statistics.mjs';
import { STREAMING, streamingCode } from './contenders.mjs';

const PROGRAM = fileURLToPath(new URL('stream-process.mjs', import.meta.url));
const EVENT = JSON.stringify(eventOf('function-url', { method: 'GET', path: '/stream' }));

/**
 * Milliseconds to the first and to the last byte of 10 MB that are streamed, alternating with a handler that writes to
 * Lambda's stream itself.
 * @param {{ node: string, cpu?: string, framework: string, runtime: string, rounds: number, directory: string }} options
 */
export async function measureStreaming({ node, cpu, framework, runtime, rounds, directory }) {
  mkdirSync(directory, { recursive: true });
  const contenders = await Promise.all(STREAMING[framework].map(async (id) => {
    const file = `${directory}/${framework}-${id}.cjs`;
    bundle({ framework, file, code: streamingCode({ id, framework, runtime }) });
    return { id, process: await start({ node, cpu, file }), samples: [], problem: undefined };
  }));
  try {
    for (let round = -5; round < rounds; round++) {
      for (let i = 0; i < contenders.length; i++) {
        const contender = contenders[(Math.max(round, 0) + i) % contenders.length];
        const sample = await stream(contender.process);
        if (sample.status !== 200 || sample.bytes !== STREAM_CHUNK.length * STREAM_CHUNKS) {
          contender.problem ??= `status ${sample.status}, ${sample.bytes} bytes`;
        }
        if (round >= 0) {
          contender.samples.push(sample);
        }
      }
    }
  } finally {
    contenders.forEach(({ process }) => process.kill());
  }
  const platform = contenders.find(({ id }) => id === 'platform').samples;
  return contenders.map(({ id, samples, problem }) => ({
    contender: id,
    problem,
    first: median(samples.map(({ first }) => first)),
    firstAfterPlatform: median(samples.map(({ first }, round) => first - platform[round].first)),
    total: median(samples.map(({ total }) => total)),
    ratio: median(samples.map(({ total }, round) => total / platform[round].total)),
  }));
}

async function start({ node, cpu, file }) {
  const command = [node, PROGRAM, file, EVENT];
  if (cpu !== undefined) {
    command.unshift('taskset', '-c', cpu);
  }
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', 'ignore', process.env.BENCH_LOGS === undefined ? 'ignore' : 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      WRAPPED_WEB_APP_DOORS: JSON.stringify([{ door: 'function-url', responseMode: 'streaming' }]),
    },
  });
  await answerOf(child, file);
  return child;
}

function stream(child) {
  child.send('stream');
  return answerOf(child, child.spawnargs.at(-2));
}

async function answerOf(child, file) {
  const controller = new AbortController();
  try {
    const [answer] = await Promise.race([
      once(child, 'message', { signal: controller.signal }),
      once(child, 'exit', { signal: controller.signal }).then(([code, signal]) => {
        throw new Error(`${file}: the process ended with ${signal ?? code}`);
      }),
      new Promise((resolve) => {
        const timer = setTimeout(resolve, 10_000, [{ problem: 'no answer within 10 seconds' }]);
        controller.signal.addEventListener('abort', () => clearTimeout(timer));
      }),
    ]);
    return answer;
  } finally {
    controller.abort();
  }
}

import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { IMAGES } from '../apps/content.mjs';
import { FORMATS, eventOf } from '../formats.mjs';
import { scenariosFor } from '../scenarios.mjs';
import { median } from '../statistics.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The adapter that our runtime is compared with, for each framework. */
export const PYTHON_FRAMEWORKS = { flask: 'apig-wsgi', django: 'apig-wsgi', starlette: 'mangum', fastapi: 'mangum' };
export const PYTHON_NAMES = { flask: 'Flask', django: 'Django', starlette: 'Starlette', fastapi: 'FastAPI' };

/**
 * Times our Python runtime, a framework's usual adapter, and the framework without an adapter.
 * @param {{ python: string, cpu?: string, framework: string, runtime: string, rounds: number, milliseconds: number, formats?: string[] }} options
 */
export async function measurePythonWarm({ python, cpu, framework, runtime, rounds, milliseconds, formats = FORMATS }) {
  const job = { framework, runtime, rounds, milliseconds, images: sizesOf(IMAGES), cases: formats.flatMap(casesOf) };
  const command = [python, here('measure_warm.py')];
  if (cpu !== undefined) {
    command.unshift('taskset', '-c', cpu);
  }
  const child = spawn(command[0], command.slice(1), { env: environment(), stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => output += chunk);
  child.stderr.on('data', (chunk) => errors += chunk);
  child.stdin.end(JSON.stringify(job));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) {
    throw new Error(`${framework}: measure_warm.py ended with ${code}\n${errors.slice(-2000)}`);
  }
  return JSON.parse(output).map(({ problem, ...row }) => problem === null ? row : { ...row, problem });
}

/** Milliseconds that each adapter adds to the start of a process. Each measurement has a process of its own. */
export async function measurePythonImport({ python, framework, runtime, processes }) {
  const contenders = ['ours', PYTHON_FRAMEWORKS[framework]];
  const samples = Object.fromEntries(contenders.map((contender) => [contender, []]));
  for (let round = -1; round < processes; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(round + 1 + i) % contenders.length];
      const { stdout } = await run(python, [here('measure_import.py'), framework, contender, runtime], { env: environment() });
      if (round >= 0) {
        samples[contender].push(JSON.parse(stdout));
      }
    }
  }
  return contenders.map((contender) => ({
    contender,
    added: median(samples[contender].map(({ added }) => added)),
    ratio: median(samples.ours.map(({ added }, round) => added / samples[contender][round].added)),
    rss: median(samples[contender].map(({ rss }) => rss)),
  }));
}

function casesOf(format) {
  return scenariosFor(format).map((scenario) => {
    const { method, path, query = '', headers = {}, cookies, body, expected } = scenario;
    const { body: expectedBody, ...rest } = expected;
    return {
      format,
      scenario: scenario.name,
      event: JSON.stringify(eventOf(format, scenario)),
      request: {
        method,
        path,
        query,
        headers: { ...headers, ...(cookies && { cookie: cookies.join('; ') }) },
        body: (body ?? Buffer.alloc(0)).toString('base64'),
      },
      expected: Buffer.isBuffer(expectedBody) ? { ...rest, image: path } : { ...rest, body: expectedBody },
    };
  });
}

function sizesOf(images) {
  return Object.fromEntries(Object.entries(images).map(([path, image]) => [path, image.length]));
}

function environment() {
  return { PATH: process.env.PATH, PYTHONHASHSEED: '0' };
}

// The command: measures, stores the figures in .cache/runs, and writes results.md from the last runs.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildHash, hashOf } from './build-hash.mjs';
import { bundle, versionOf } from './bundle.mjs';
import { measureCold } from './cold/measure-cold.mjs';
import { CONTENDERS, FRAMEWORKS, contendersFor } from './contenders.mjs';
import { readOptions, USAGE } from './options.mjs';
import { measurePythonImport, measurePythonWarm } from './python/measure-python.mjs';
import { writeReport } from './report/write-report.mjs';
import { printSmoke, printWrong } from './report/print-smoke.mjs';
import { STREAMING } from './streaming/contenders.mjs';
import { RUNTIME_API_FORMATS, RUNTIME_API_FRAMEWORKS, measureRuntimeApi } from './runtime-api/measure-runtime-api.mjs';
import { measureStreaming } from './streaming/measure-streaming.mjs';
import { measureSynth } from './synth/measure-synth.mjs';
import { canPin, nodeBinary, pythonBinary } from './toolchain.mjs';
import { measureEarly } from './warm/measure-early.mjs';
import { measureAllocation, measureWarm } from './warm/measure-warm.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const options = readOptions();
const started = Date.now();
const bundled = new Map();
/** Separate for each process, so that runs at the same time do not overwrite each other's files. */
const work = here(`.cache/work/${process.pid}`);
/** The allocation differs little between the doors, so two are enough: one with multi-value maps, one without. */
const ALLOCATION_FORMATS = ['function-url', 'rest-api'];
/** New processes whose first invocations are timed. */
const EARLY_PROCESSES = 5;

if (options.help) {
  console.log(USAGE);
} else if (options.report) {
  await writeReport();
} else {
  mkdirSync(work, { recursive: true });
  process.on('exit', () => rmSync(work, { recursive: true, force: true }));
  ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, () => process.exit(1)));
  await main();
}

async function main() {
  const runtime = copyOf(options.runtime ?? builtRuntime(), 'node');
  const pythonRuntime = copyOf(here('../lambda-runtime/python'), 'python');
  const build = buildHash([runtime, pythonRuntime]);
  const run = { date: new Date().toISOString(), build, machine: machine(), versions: versions(), options: told(options), node: {}, python: {} };
  if (options.webAdapter !== undefined) {
    run.versions['AWS Lambda Web Adapter'] = `with SHA-256 ${hashOf([options.webAdapter]).slice(0, 12)}…`;
  }
  const nodes = options.nodes.map((version) => ({
    node: version === process.versions.node ? process.execPath : nodeBinary(version),
    major: version.split('.')[0],
    version,
  }));
  nodes.forEach(({ major, version }) => run.versions[`Node ${major}`] = version);
  // Each version of Node runs on its own processor. Processor time does not depend on the other one.
  const cpuOf = (index) => options.cpu ?? (canPin() ? String(index % availableParallelism()) : undefined);
  await Promise.all(nodes.map(async ({ node, major }, index) => {
    run.node[major] = {};
    for (const framework of options.frameworks) {
      run.node[major][framework] = await measureInvocations(node, framework, runtime, major, cpuOf(index));
    }
  }));
  for (const { node, major } of nodes) {
    for (const framework of options.frameworks) {
      Object.assign(run.node[major][framework], await measureProcesses(node, framework, runtime, major));
    }
  }
  if (options.parts.includes('python')) {
    const python = pythonBinary(options.python);
    run.versions.Python = execFileSync(python, ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8' }).trim();
    Object.assign(run.versions, pythonVersions(python));
    for (const framework of options.pythonFrameworks) {
      progress(`${framework}`);
      const { rounds, milliseconds, formats, processes, cpu } = options;
      run.python[framework] = {
        warm: await measurePythonWarm({ python, cpu, framework, runtime: pythonRuntime, rounds, milliseconds: milliseconds * 2, formats }),
        import: await measurePythonImport({ python, framework, runtime: pythonRuntime, processes }),
      };
    }
  }
  if (options.parts.includes('synth')) {
    progress('synth');
    run.synth = await measureSynth({ processes: options.smoke ? 1 : 11 });
  }
  run.minutes = (Date.now() - started) / 60_000;
  if (options.smoke) {
    process.exitCode = printSmoke(run) ? 0 : 1;
  } else {
    mkdirSync(here('.cache/runs'), { recursive: true });
    writeFileSync(here(`.cache/runs/${run.date.replace(/[:.]/g, '-')}.json`), JSON.stringify(run));
    await writeReport(run);
    process.exitCode = printWrong(run) ? 0 : 1;
  }
}

/** The measurements of warm processes. */
async function measureInvocations(node, framework, runtime, major, cpu) {
  const { parts, formats, rounds, milliseconds, warmUp, smoke } = options;
  const measured = { warm: {}, allocation: {}, early: [] };
  for (const format of formats) {
    progress(`Node ${major}, ${FRAMEWORKS[framework]}, ${format}`);
    const files = new Map();
    mkdirSync(`${work}/bundles`, { recursive: true });
    for (const { id, code } of contendersFor(framework)) {
      files.set(id, bundleOnce(framework, id, code({ framework, format, runtime })));
    }
    if (parts.includes('warm')) {
      measured.warm[format] = await measureWarm({ node, cpu, format, rounds, warmUp, milliseconds, files });
    }
    if (parts.includes('early') && format === formats[0]) {
      measured.early = await measureEarly({ node, cpu, format, files, processes: smoke ? 1 : EARLY_PROCESSES, counts: smoke ? [5, 5] : undefined });
    }
    if (parts.includes('allocation') && ALLOCATION_FORMATS.includes(format)) {
      measured.allocation[format] = await measureAllocation({ node, cpu, format, files, count: smoke ? 20 : 600 });
    }
  }
  return measured;
}

/** The measurements of whole processes and by the clock, for which nothing else may run. */
async function measureProcesses(node, framework, runtime, major) {
  const { parts, formats, processes, cpu, smoke } = options;
  const measured = {};
  if (parts.includes('cold')) {
    progress(`Node ${major}, ${FRAMEWORKS[framework]}, cold start`);
    measured.cold = await measureCold({ node, cpu, framework, runtime, processes, directory: `${work}/cold` });
  }
  if (parts.includes('streaming') && framework in STREAMING) {
    progress(`Node ${major}, ${FRAMEWORKS[framework]}, streaming`);
    measured.streaming = await measureStreaming({ node, cpu, framework, runtime, rounds: smoke ? 2 : 15, directory: `${work}/streaming` });
  }
  if (parts.includes('runtime-api') && RUNTIME_API_FRAMEWORKS.includes(framework)) {
    measured.runtimeApi = {};
    for (const format of RUNTIME_API_FORMATS.filter((each) => formats.includes(each))) {
      progress(`Node ${major}, ${FRAMEWORKS[framework]}, ${format}, through the Runtime API`);
      const { webAdapter } = options;
      measured.runtimeApi[format] = await measureRuntimeApi({ node, framework, format, runtime, webAdapter, rounds: smoke ? 2 : 15, directory: `${work}/runtime-api` });
    }
  }
  return measured;
}

/** Most contenders have the same code for every door. */
function bundleOnce(framework, id, code) {
  const key = `${framework}\n${code}`;
  if (!bundled.has(key)) {
    const file = `${work}/bundles/${framework}-${id}-${bundled.size}.cjs`;
    bundle({ framework, file, code });
    bundled.set(key, file);
  }
  return bundled.get(key);
}

/** The published form of the runtime, built from this checkout. */
function builtRuntime() {
  execFileSync(process.execPath, ['scripts/bundle-runtime.mjs'], { cwd: here('..'), stdio: 'inherit' });
  return here('../lib/lambda-runtime/node');
}

/** A copy, so that a build during the run does not change what is measured. */
function copyOf(directory, name) {
  if (!existsSync(directory)) {
    throw new Error(`${directory} does not exist; build the package first: npm ci && npx projen build:runtime`);
  }
  cpSync(directory, `${work}/${name}`, { recursive: true, filter: (source) => !source.includes('__pycache__') });
  return `${work}/${name}`;
}

function machine() {
  return {
    processor: cpus()[0].model.trim(),
    processors: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${type()} ${release().split('-')[0]}`,
  };
}

function versions() {
  const packages = ['express', 'express4', 'koa', 'fastify', 'hono', 'esbuild', ...CONTENDERS.map((contender) => contender.package).filter(Boolean)];
  return Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
}

function pythonVersions(python) {
  const program = 'import json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in ["apig-wsgi", "mangum", "flask", "django", "starlette", "fastapi"]}))';
  return JSON.parse(execFileSync(python, ['-c', program], { encoding: 'utf8' }));
}

/** The options that affect the figures. */
function told({ rounds, milliseconds, processes, cpu, formats }) {
  return { rounds, milliseconds, processes, cpu, formats };
}

function progress(what) {
  console.error(`${((Date.now() - started) / 60_000).toFixed(1).padStart(5)} min  ${what}`);
}

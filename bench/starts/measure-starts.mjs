import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, lutimesSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeCommand, pythonCommand, start } from './environment.mjs';
import { contendersOf, NODE_SUBJECTS, PYTHON_SUBJECTS } from './subjects.mjs';
import { eventOf } from '../formats.mjs';
import { median } from '../statistics.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const EVENT = JSON.stringify(eventOf('function-url', { method: 'GET', path: '/', expected: {} }));
const ADAPTERS = { 'apig-wsgi': 'apig-wsgi==2.20.0', 'mangum': 'mangum==0.22.0' };
/** The time that all files of CDK assets have, since the CDK zips them so. */
const TIME_IN_ZIP = new Date('1980-01-01T00:00:00.000Z');
const MANY = 1000;
/** Cold files are measured in each third round: they are by the clock, and take longer. */
const COLD_EVERY = 3;

/**
 * The starts of whole assets: of what `WrappedWebApp` uploads, and of what `NodejsFunction` uploads with an adapter; in
 * Python, of a folder with the app, its packages and an adapter.
 *
 * @param {{ nodes: Array<{ node: string, major: string }>, frameworks: string[], python?: string, processes: number, directory: string, many?: number, progress: (what: string) => void, onRows: (rows: object[]) => void | Promise<void> }} options
 * `onRows` is called after each app with all rows so far, so that a run that is ended leaves what it measured.
 * @returns {Promise<Array<object>>} a row for each contender
 */
export async function measureStarts({ nodes, frameworks, python, processes, directory, many = MANY, progress, onRows }) {
  mkdirSync(directory, { recursive: true });
  const nodeApps = frameworks.filter((name) => name in NODE_SUBJECTS);
  const pythonApps = python === undefined ? [] : frameworks.filter((name) => name in PYTHON_SUBJECTS);
  const rows = [];
  for (const { node, major } of nodes) {
    const assets = synthesize(`${directory}/node-${major}`, major, nodeApps);
    const command = nodeCommand(node, runtimeInterfaceClient(major));
    for (const framework of nodeApps) {
      progress(`Node ${major}, ${NODE_SUBJECTS[framework].name}, whole starts`);
      const contenders = contendersOf(framework).map((id) => ({ id, ...assets[`${framework}/${id}`] }));
      rows.push(...await compare({ column: `Node ${major}`, framework, command, contenders, empty: assets.empty, processes, many }));
      await onRows(rows);
    }
  }
  if (pythonApps.length > 0) {
    const assets = synthesize(`${directory}/python`, '24', [], pythonApps, python);
    const empty = { directory: folderOf(`${directory}/empty`, ['empty.py']), handler: 'empty.handler', environment: {} };
    for (const framework of pythonApps) {
      progress(`Python, ${PYTHON_SUBJECTS[framework].name}, whole starts`);
      const [peer] = PYTHON_SUBJECTS[framework].peers;
      const folder = folderOf(`${directory}/${framework}`, [`${framework}/app.py`, `handlers/${framework}_handler.py`], python, [`-r${here(`apps/${framework}/requirements.txt`)}`, ADAPTERS[peer]]);
      const contenders = [{ id: 'ours', ...assets[`${framework}/ours`] }, { id: peer, directory: folder, handler: `${framework}_handler.handler`, environment: {} }];
      rows.push(...await compare({ column: 'Python', framework, command: pythonCommand(python), contenders, empty, processes, many }));
      await onRows(rows);
    }
  }
  return rows;
}

/** Alternating fresh processes of all contenders, and of an empty handler, whose time is that of the runtime client itself. */
async function compare({ column, framework, command, contenders, empty, processes, many }) {
  const subjects = [{ id: 'empty', ...empty }, ...contenders].map((each) => ({ ...each, command, event: EVENT, warm: [], cold: [] }));
  for (let round = processes > 1 ? -1 : 0; round < processes; round++) {
    for (let i = 0; i < subjects.length; i++) {
      const subject = subjects[(round + 1 + i) % subjects.length];
      const warm = await start(subject, 2);
      if (subject.id !== 'empty') {
        check(subject, warm.results[0]);
      }
      if (round >= 0) {
        subject.warm.push(warm);
      }
      if (round >= 0 && round % COLD_EVERY === 0) {
        dropFromMemory(subject.directory);
        subject.cold.push(await start(subject, 1));
      }
    }
  }
  const [nothing] = subjects;
  const floor = (name) => median(nothing.warm.map(FIGURES[name]));
  const rows = [];
  for (const subject of subjects.slice(1)) {
    const { rss } = await start(subject, many);
    const samples = (name) => subject.warm.map((sample) => FIGURES[name](sample) - floor(name));
    rows.push({
      column,
      framework,
      contender: subject.id,
      bytes: bytesIn(subject.directory),
      // Of each round: the report pools those of several runs.
      samples: {
        init: samples('init'),
        first: samples('first'),
        second: samples('second'),
        start: samples('start'),
        cold: subject.cold.map(({ marks }) => marks[1].wall),
      },
      rssAfterStart: median(subject.warm.map((sample) => sample.rss[1])),
      rssAfterMany: rss.at(-1),
    });
  }
  return rows;
}

/** Milliseconds of processor time of one start. */
const FIGURES = {
  init: ({ marks }) => marks[0].cpu,
  first: ({ marks }) => marks[1].cpu - marks[0].cpu,
  second: ({ marks }) => marks[2].cpu - marks[1].cpu,
  start: ({ marks }) => marks[1].cpu,
};

function check({ id, directory }, result) {
  const { statusCode, body, isBase64Encoded } = JSON.parse(result);
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  if (statusCode !== 200 || JSON.parse(text).hello !== 'world') {
    throw new Error(`${id} in ${directory}: the answer is ${result.slice(0, 300)}`);
  }
}

/** Python apps are bundled for the version of `python`, which must also be found by its name: it compiles them. */
function synthesize(outdir, major, nodeApps, pythonApps = [], python = undefined) {
  const pythonVersion = python && execFileSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' }).trim();
  const contenders = Object.fromEntries(nodeApps.map((name) => [name, contendersOf(name)]));
  const output = execFileSync(process.execPath, [here('synthesize.cjs'), outdir, major, JSON.stringify(contenders), JSON.stringify(pythonApps), pythonVersion ?? ''], {
    env: python ? { ...process.env, PATH: `${dirname(python)}:${process.env.PATH}` } : process.env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(output.trim().split('\n').at(-1));
}

/** A folder with the files of an app and its packages, as it is in the zip that the CDK uploads. */
function folderOf(directory, files, python, packages = []) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  if (packages.length > 0) {
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', directory, ...packages], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  files.forEach((file) => cpSync(here(`apps/${file}`), `${directory}/${file.split('/').at(-1)}`));
  readdirSync(directory, { recursive: true }).forEach((name) => lutimesSync(`${directory}/${name}`, TIME_IN_ZIP, TIME_IN_ZIP));
  return directory;
}

/** Makes the system forget the contents of files, so that they are read from the disk again. */
function dropFromMemory(directory) {
  const program = 'import os, sys\nfor folder, _, names in os.walk(sys.argv[1]):\n  for name in names:\n    with open(os.path.join(folder, name), "rb") as file:\n      os.fsync(file.fileno())\n      os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)\n';
  const { status, stderr } = spawnSync('python3', ['-c', program, directory], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`python3 is needed to measure with cold files: ${stderr}`);
  }
}

function bytesIn(directory) {
  return readdirSync(directory, { recursive: true }).map((name) => statSync(`${directory}/${name}`)).filter((stats) => stats.isFile()).reduce((sum, { size }) => sum + size, 0);
}

/**
 * AWS's Node Runtime Interface Client, as in the tests of the package; compiled on first use. Version 4 was written for
 * Node 24, and loads every handler with `import()`. Node 22 still has callbacks, which version 4 dropped, so it is measured on
 * the version before, which loads `.js` files with `require()`: `import()` of CommonJS takes Node 22 much longer.
 */
function runtimeInterfaceClient(major) {
  const [tool, file] = Number(major) >= 24 ? ['runtime-client', 'index.mjs'] : ['runtime-client-3', 'bin/index.mjs'];
  execFileSync(process.execPath, [here('../../scripts/install-test-toolchain.mjs'), tool], { stdio: 'inherit' });
  return here(`../../.cache/toolchain/${tool}/node_modules/aws-lambda-ric/${file}`);
}

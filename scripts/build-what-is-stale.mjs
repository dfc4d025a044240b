// Builds those parts of lib/ whose sources are newer. Jest calls this before each run, also in watch mode, since tests
// of bundling run the built package; `node scripts/build-what-is-stale.mjs` does the same.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stampOf } from './build-stamp.mjs';
import { takeLock } from './lock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROJEN = createRequire(import.meta.url).resolve('projen/bin/projen');

/** Tasks of projen, with the files and folders that each reads, and some that it writes. */
const BUILDS = [
  {
    task: 'compile',
    sources: ['src', 'README.md', 'package.json', 'package-lock.json', 'tsconfig.json'],
    results: ['.jsii', 'lib/index.js', 'lib/index.d.ts'],
  },
  {
    task: 'build:runtime',
    sources: ['lambda-runtime', 'local', 'scripts', 'package-lock.json', 'tsconfig.json'],
    results: ['lib/lambda-runtime/node/index.cjs', 'lib/lambda-runtime/node/index.d.ts', 'lib/lambda-runtime/python', 'lib/local/cli.js', 'examples/node_modules'],
  },
];

/** Jest's globalSetup. */
export default async function setUp({ watch, watchAll }) {
  for (;;) {
    const began = Date.now();
    try {
      return await buildWhatIsStale();
    } catch (error) {
      // After an error here, Jest's watch mode takes no notice of further changes.
      if (!watch && !watchAll) {
        throw error;
      }
      process.stderr.write(`${error.message}\nwaiting for a change\n`);
      await changeAfter(began);
    }
  }
}

async function changeAfter(time) {
  while (BUILDS.every(({ sources }) => newest(sources) <= time)) {
    await setTimeout(250);
  }
}

async function buildWhatIsStale() {
  if (!BUILDS.some(isStale)) {
    return;
  }
  const release = takeLock(stampOf('lock'));
  try {
    const builds = await Promise.allSettled(BUILDS.filter(isStale).map(build));
    const failures = builds.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message);
    if (failures.length > 0) {
      throw new Error(failures.join('\n'));
    }
  } finally {
    release();
  }
}

function isStale({ task, sources, results }) {
  return ![stampOf(task), ...results.map((file) => join(ROOT, file))].every(existsSync)
    || newest(sources) > statSync(stampOf(task)).mtimeMs;
}

/** When one of these files, or a file in one of these folders, was last written; a folder is written when an entry comes or goes. */
function newest(sources) {
  const files = sources.map((source) => join(ROOT, source)).flatMap((source) => [
    source,
    ...(statSync(source).isDirectory() ? readdirSync(source, { recursive: true }).map((name) => join(source, name)) : []),
  ]);
  return Math.max(...files.filter((file) => !file.includes('__pycache__')).map((file) => statSync(file).mtimeMs));
}

async function build({ task }) {
  const began = new Date();
  process.stderr.write(`building: npx projen ${task}\n`);
  const child = spawn(process.execPath, [PROJEN, task], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => output += text);
  }
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) {
    throw new Error(`npx projen ${task} failed with exit code ${code}:\n${output}`);
  }
  // A source that was edited during the build is newer than its beginning.
  utimesSync(stampOf(task), began, began);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildWhatIsStale();
}

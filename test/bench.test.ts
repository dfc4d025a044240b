/**
 * A short run of `bench/`: it is there to break when the bench or a runtime does. Its figures are of a moment; they are
 * printed, and never judged.
 *
 * @slow installs the packages of bench/, and measures every contender
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BENCH = join(__dirname, '../bench');
const RUNTIME = join(__dirname, '../lib/lambda-runtime/node');
/** What npm hands down to the scripts that it runs is not meant for commands in another package. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_(config_(global|local_prefix|prefix|workspace)|lifecycle|package)|NODE_ENV$)/i.test(name)));
/** Slow is not broken. */
const NO_LIMIT = 3_600_000;

beforeAll(() => {
  if (!isInstalled()) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: BENCH, env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}, NO_LIMIT);

/** The packages of the lock file, and no others; some are for other systems. */
function isInstalled(): boolean {
  const installed = join(BENCH, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) {
    return false;
  }
  const packagesOf = (file: string): Record<string, { version: string; optional?: boolean }> => JSON.parse(readFileSync(file, 'utf8')).packages;
  const [have, want] = [packagesOf(installed), packagesOf(join(BENCH, 'package-lock.json'))];
  return Object.keys(have).every((name) => have[name].version === want[name]?.version)
    && Object.keys(want).every((name) => name === '' || want[name].optional || name in have);
}

function smoke(...options: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench.mjs', '--smoke', ...options], { cwd: BENCH, env, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

/** A build of the Node runtime with another handler in its place. */
function brokenRuntime(handler: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'broken-runtime-'));
  writeFileSync(join(directory, 'serve-module.mjs'), handler);
  return directory;
}

test('every part of the bench runs, and every answer of ours is right', () => {
  const { status, output } = smoke('--runtime', RUNTIME);
  process.stderr.write(`${output}\n`);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/bench: \d+ answers of ours are right, 0 wrong/) });
}, NO_LIMIT);

test('whole starts are measured on AWS\'s runtime client, and every contender answers rightly', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['starts/starts.mjs', '--smoke'], { cwd: BENCH, env, encoding: 'utf8' });
  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: expect.stringContaining('starts: 4 contenders answered rightly') });
}, NO_LIMIT);

test('the bench fails when an answer of ours is wrong', () => {
  const runtime = brokenRuntime('export const serveModule = () => async () => ({ statusCode: 200, headers: { "content-type": "application/json" }, body: "{}" });');
  expect(smoke('--only', 'warm', '--frameworks', 'http', '--runtime', runtime)).toEqual({ status: 1, output: expect.stringMatching(/wrong: Node \d+ http rest-api, small JSON: body {}/) });
}, NO_LIMIT);

test('the bench fails when our bundle does not load', () => {
  const runtime = brokenRuntime('export const serveModule = () => { throw new Error("broken on purpose"); };');
  expect(smoke('--only', 'warm', '--frameworks', 'http', '--runtime', runtime)).toEqual({ status: 1, output: expect.stringContaining('the process ended with 1') });
}, NO_LIMIT);

test.each([
  ['ours', 1],
  ['serverless-http', 0],
])('a wrong answer of %s ends the bench with %i', (contender, expected) => {
  const right = { contender: 'ours', scenario: 'small JSON' };
  const wrong = { contender, scenario: '1 MB image', problem: 'status 500' };
  const run = { node: { 24: { http: { warm: { alb: [right, wrong] } } } }, python: {} };
  const program = `import { printWrong } from './report/print-smoke.mjs'; process.exitCode = printWrong(${JSON.stringify(run)}) ? 0 : 1;`;
  expect(spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: BENCH }).status).toBe(expected);
});

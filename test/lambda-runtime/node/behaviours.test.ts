import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { ALL } from './behaviours/all';
import { Behaviour, Outcome, Way } from './behaviours/behaviour';
import { ABOUT_THE_CONNECTION, EXCEPTIONS, compared } from './behaviours/exceptions';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const ROOT = join(__dirname, '..', '..', '..');
const PROGRAM = join(ROOT, '.cache/tests/behaviours.mjs');
const RUNTIME = join(ROOT, 'lib/lambda-runtime/node/index.mjs');

interface Run {
  readonly name: string;
  readonly plain: Outcome;
  readonly outcomes: { way: Way; outcome: Outcome }[];
}

/** Runs all behaviours, or one, on one version of Node in a separate process. */
async function runsOn(binary: string, ...only: string[]): Promise<Map<string, Run>> {
  const { stdout } = await promisify(execFile)(binary, [PROGRAM, RUNTIME, ...only], { maxBuffer: 512 * 1024 * 1024 });
  const runs: Run[] = stdout.trim().split('\n').map((line) => JSON.parse(line));
  return new Map(runs.map((run) => [run.name, run]));
}

function expectSame({ name, request }: Behaviour, { plain, outcomes }: Run): void {
  expect(plain.answer.end).not.toBe('stuck');
  expect(outcomes.length).toBeGreaterThan(0);
  for (const { way, outcome } of outcomes) {
    const { expected, actual } = compared(name, request?.method ?? 'GET', way, plain, outcome);
    expect({ way, ...actual }).toEqual({ way, ...expected });
  }
}

test('the names of behaviours are unique, and every exception names a behaviour', () => {
  const names = ALL.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(Object.keys(EXCEPTIONS)));
});

test('docs/node-runtime-tests.md has the number of behaviours, and every difference with its reason', () => {
  const document = readFileSync(join(ROOT, 'docs/node-runtime-tests.md'), 'utf8');
  expect(document).toContain(`${ALL.length} behaviours`);
  for (const [name, reason] of Object.entries(ABOUT_THE_CONNECTION)) {
    expect(document).toContain(`| \`${name}\` | ${reason} |`);
  }
  for (const [name, { reason }] of Object.entries(EXCEPTIONS)) {
    expect(document).toContain(`| ${name} | ${reason} |`);
  }
});

describe.each(installedNodes())('on Node $version, as on a plain server', ({ version, binary }) => {
  let runs: Map<string, Run>;
  beforeAll(async () => {
    mkdirSync(join(ROOT, '.cache/tests'), { recursive: true });
    buildSync({ entryPoints: [join(__dirname, 'behaviours/main.ts')], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: PROGRAM });
    runs = await runsOn(binary);
  }, INSTALLATION_TIME);

  test.each(ALL.filter(({ since = 0 }) => Number(version) >= since).map((each) => [each.name, each] as const))('%s', async (name, behaviour) => {
    try {
      expectSame(behaviour, runs.get(name)!);
    } catch {
      // On a busy machine timers may fire in another order, so the behaviour is run again alone.
      expectSame(behaviour, (await runsOn(binary, name)).get(name)!);
    }
  });
});

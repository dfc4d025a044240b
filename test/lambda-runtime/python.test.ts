/**
 * Runs the Python runtime's own tests (`test/lambda-runtime/python`) on the newest Python that this machine has, and on the oldest those
 * that start no processes. With `EVERY_PYTHON=1`, which `npm run test:python-runtime` and the workflow set, all run on all.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { findInterpreters, Interpreter, prepareEnvironment } from './python-environments';

const TESTS = join(__dirname, 'python');
const isEvery = process.env.EVERY_PYTHON === '1';
const interpreters = findInterpreters().filter((_, index, all) => isEvery || index === 0 || index === all.length - 1);
/** They start a process for nearly each test. */
const OF_PROCESSES = ['background_work', 'commands', 'lambda_clients', 'migrations', 'runtime_loop', 'warm_up', 'wheel'];

/** What pytest prints; its exit code is in the error that this rejects with. */
function runPytest(interpreter: Interpreter): Promise<string> {
  const isNewest = interpreter === interpreters.at(-1);
  // The types are checked for every version by one interpreter.
  const skipped = isNewest ? {} : { SKIP_MYPY: '1' };
  const ignored = isNewest || isEvery ? [] : OF_PROCESSES.map((name) => `--ignore=${join(TESTS, `test_${name}.py`)}`);
  const options = { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...skipped }, maxBuffer: 64 * 1024 * 1024 };
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--no-header', ...ignored, TESTS];
  return new Promise((resolve, reject) => execFile(prepareEnvironment(interpreter), args, options, (error, stdout, stderr) => {
    if (error) reject(new Error(`pytest failed on ${interpreter.version}\n${stdout}\n${stderr}`));
    else resolve(stdout);
  }));
}

test('this machine has a Python that Lambda has too', () => {
  expect(interpreters.map(({ version }) => version)).not.toEqual([]);
});

// Two at a time: half of the time the tests only wait, and since they watch the clock, more would disturb each other.
const started = new Map<string, Promise<string>>();

function start(index: number): Promise<string> | undefined {
  const interpreter = interpreters[index];
  if (interpreter === undefined) return undefined;
  const run = started.get(interpreter.version) ?? runPytest(interpreter);
  // Its failure is told by its own test, which may not wait for it yet.
  run.catch(() => undefined);
  started.set(interpreter.version, run);
  return run;
}

test.each(interpreters)('the Python runtime passes its tests on $version', async (interpreter) => {
  const index = interpreters.indexOf(interpreter);
  const run = start(index)!;
  if (index % 2 === 0) void start(index + 1);
  const [, passed] = /(\d+) passed/.exec(await run) ?? [];
  expect(Number(passed)).toBeGreaterThan(850);
}, 600_000);

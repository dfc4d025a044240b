/**
 * Runs the Python runtime's own tests (`test/lambda-runtime/python`) on every Python that this machine has.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findInterpreters, prepareEnvironment } from './python-environments';

const TESTS = join(__dirname, 'python');
const interpreters = findInterpreters();

test('this machine has a Python that Lambda has too', () => {
  expect(interpreters.map(({ version }) => version)).not.toEqual([]);
});

test.each(interpreters)('the Python runtime passes its tests on $version', (interpreter) => {
  const python = prepareEnvironment(interpreter);
  const run = spawnSync(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--no-header', TESTS], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const summary = /(\d+) passed(?:, \d+ (?:skipped|warnings?))* in /.exec(run.stdout);
  if (run.status !== 0 || summary === null) throw new Error(`pytest failed on ${interpreter.version}\n${run.stdout}\n${run.stderr}`);
  expect(Number(summary[1])).toBeGreaterThan(450);
}, 240_000);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { remedyFor } from '../../../../lambda-runtime/node/invocations/remedy';
import { loadServeModule } from '../load-serve-module';

const { LAMBDA_TASK_ROOT } = process.env;
beforeEach(() => {
  process.env.LAMBDA_TASK_ROOT = __dirname;
});
afterEach(() => {
  if (LAMBDA_TASK_ROOT === undefined) {
    delete process.env.LAMBDA_TASK_ROOT;
  } else {
    process.env.LAMBDA_TASK_ROOT = LAMBDA_TASK_ROOT;
  }
  jest.restoreAllMocks();
});

function failing(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

const READ_ONLY = Object.assign(new Error("EROFS: read-only file system, mkdir 'logs'"), { code: 'EROFS', path: 'logs' });

test('a write to the read-only file system is told to go to /tmp', () => {
  expect(remedyFor(READ_ONLY)).toContain('/tmp');
});

test('a cause counts too', () => {
  expect(remedyFor(new Error('no session', { cause: READ_ONLY }))).toContain('/tmp');
});

test('a file or module that is missing in the bundle is told where to add it', () => {
  const missing = failing(() => readFileSync(join(__dirname, 'data', 'words.json')));
  expect(remedyFor(missing)).toMatch(/add the package to nodeModules.*add it to assets/);
  expect(remedyFor(Object.assign(new Error("Cannot find module 'pg-native'"), { code: 'MODULE_NOT_FOUND' }))).toMatch(/nodeModules/);
});

test.each([
  ['a file that is missing elsewhere', failing(() => readFileSync('/tmp/no/such/file'))],
  ['another error', new Error('no luck')],
  ['a value that is no error', 'EROFS'],
])('%s gets no advice', (_, error) => {
  expect(remedyFor(error)).toBeUndefined();
});

test('an error that cannot be read gets no advice', () => {
  expect(remedyFor(new Proxy({}, {
    get() {
      throw new Error('not readable');
    },
  }))).toBeUndefined();
});

test('an error whose causes form a circle gets no advice', () => {
  const error = new Error('no luck');
  error.cause = error;
  expect(remedyFor(error)).toBeUndefined();
});

test('an app that cannot start because of such an error is told so, beside the error that Lambda logs', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation();
  const factory = async () => {
    throw READ_ONLY;
  };
  const { serveModule } = loadServeModule();
  await expect(serveModule({ default: factory }, { file: 'src/app.ts' })).rejects.toBe(READ_ONLY);
  expect(log.mock.calls).toEqual([[expect.stringMatching(/src\/app\.ts cannot start: on Lambda only \/tmp/)]]);
});

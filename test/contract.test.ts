import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as runtime from '../lambda-runtime/node/settings/contract';
import * as construct from '../src/private/contract';

const PYTHON = join(__dirname, '..', 'lambda-runtime', 'python');

test('the construct and the Node runtime name the same variables', () => {
  expect({ ...runtime }).toEqual({ ...construct });
});

test('the construct and the Python runtime name the same variables', () => {
  const script = 'import json; from wrapped_web_app_runtime import contract; '
    + 'print(json.dumps({name: value for name, value in vars(contract).items() if name.endswith("_VARIABLE")}))';
  const printed = execFileSync('python3', ['-c', script], { cwd: PYTHON, encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual({ ...construct });
});

test('the construct writes what both sides call a door, and the runtime reads it', () => {
  const door: construct.DoorContract = { door: 'alb', mountPrefix: '/app', responseMode: 'buffered' };
  const read: runtime.DoorContract = door;
  const options: Required<construct.RuntimeOptionsContract> = {
    binarySupport: true,
    nonBinaryContentTypePrefixes: ['text/'],
    onUncaughtException: 'exit',
    eventPath: '/events',
    trustForwardedHost: false,
  };
  // The compiler holds both sides to the same fields: a field that one of them lacks does not compile.
  const readOptions: Required<runtime.RuntimeOptionsContract> = options;
  expect([read, readOptions]).toEqual([door, options]);
});

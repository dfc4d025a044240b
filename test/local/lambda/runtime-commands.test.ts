import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { RuntimeCommands } from '../../../local/lambda/runtime-commands';
import { stackTemplate, webAppOf } from '../fixtures/template';

const lines: string[] = [];
const notice = (line: string) => lines.push(line);
const PATH = process.env.PATH;

beforeEach(() => lines.splice(0));
afterEach(() => {
  process.env.PATH = PATH;
});

function functionOf(runtime: string, environment: Record<string, string> = {}) {
  return { ...webAppOf(stackTemplate()), runtime, environment };
}

/** A folder of programs that succeed or fail. */
function pathWith(programs: Record<string, 'runs' | 'fails'>): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'path-')));
  for (const [name, outcome] of Object.entries(programs)) {
    writeFileSync(path.join(directory, name), `#!/bin/sh\nexit ${outcome === 'runs' ? 0 : 127}\n`, { mode: 0o755 });
  }
  return directory;
}

test('a Node.js function runs on the Node.js of this process, and another version is reported once', () => {
  const commands = new RuntimeCommands('/clients', notice);
  const own = `nodejs${process.versions.node.split('.')[0]}.x`;
  expect(commands.commandFor(functionOf(own), '/code')).toEqual([process.execPath, '/clients/node-client.js']);
  expect(lines).toEqual([]);
  commands.commandFor(functionOf('nodejs99.x'), '/code');
  commands.commandFor(functionOf('nodejs99.x'), '/code');
  expect(lines).toEqual([`nodejs99.x functions run on Node.js ${process.versions.node} here`]);
});

test('a Python function runs on the Python of its version', () => {
  process.env.PATH = pathWith({ 'python3.13': 'runs', 'python3': 'runs' });
  expect(new RuntimeCommands('/clients', notice).commandFor(functionOf('python3.13'), '/code')).toEqual(['python3.13', '/clients/python_client.py']);
  expect(lines).toEqual([]);
});

test('a Python function runs on another Python if its version is not installed, which is reported', () => {
  process.env.PATH = pathWith({ 'python3.13': 'fails', 'python3': 'runs' });
  expect(new RuntimeCommands('/clients', notice).commandFor(functionOf('python3.13'), '/code')[0]).toBe('python3');
  expect(lines).toEqual([expect.stringContaining('python3.13 is not installed: its functions run on python3')]);
});

test('fails without Python, and for other languages', () => {
  process.env.PATH = pathWith({});
  const commands = new RuntimeCommands('/clients', notice);
  expect(() => commands.commandFor(functionOf('python3.13'), '/code')).toThrow('Stack/Web/Handler: cannot find a Python for python3.13: neither python3.13, python3 nor python runs; install one');
  expect(() => commands.commandFor(functionOf('ruby3.4'), '/code')).toThrow('Stack/Web/Handler: cannot serve the runtime ruby3.4; use a nodejs or python runtime');
});

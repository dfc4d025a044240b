import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { RuntimeCommands } from '../../../local/lambda/runtime-commands';
import { stackTemplate, webAppOf } from '../fixtures/template';

const lines: string[] = [];
const terminal = { out: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
const PATH = process.env.PATH;

beforeEach(() => lines.splice(0));
afterEach(() => {
  process.env.PATH = PATH;
});

function functionOf(runtime: string, environment: Record<string, string> = {}) {
  return { ...webAppOf(stackTemplate()), runtime, environment };
}

/** A folder of programs that only say whether they run. */
function pathWith(programs: Record<string, 'runs' | 'fails'>): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'path-')));
  for (const [name, outcome] of Object.entries(programs)) {
    writeFileSync(path.join(directory, name), `#!/bin/sh\nexit ${outcome === 'runs' ? 0 : 127}\n`, { mode: 0o755 });
  }
  return directory;
}

test('a Node.js function runs on the Node.js that runs this, which is said once where it is another', () => {
  const commands = new RuntimeCommands('/clients', terminal);
  const own = `nodejs${process.versions.node.split('.')[0]}.x`;
  expect(commands.commandFor(functionOf(own))).toEqual([process.execPath, '/clients/node-client.js']);
  expect(lines).toEqual([]);
  commands.commandFor(functionOf('nodejs99.x'));
  commands.commandFor(functionOf('nodejs99.x'));
  expect(lines).toEqual([`nodejs99.x functions run on Node.js ${process.versions.node} here`]);
});

test('a Python function runs on the Python of its version', () => {
  process.env.PATH = pathWith({ 'python3.13': 'runs', 'python3': 'runs' });
  expect(new RuntimeCommands('/clients', terminal).commandFor(functionOf('python3.13'))).toEqual(['python3.13', '/clients/python_client.py']);
  expect(lines).toEqual([]);
});

test('a Python function runs on another Python where its version is not installed, which is said', () => {
  process.env.PATH = pathWith({ 'python3.13': 'fails', 'python3': 'runs' });
  expect(new RuntimeCommands('/clients', terminal).commandFor(functionOf('python3.13'))[0]).toBe('python3');
  expect(lines).toEqual([expect.stringContaining('there is no python3.13 on this machine: python3 runs its functions instead')]);
});

test('fails where there is no Python, and for other languages', () => {
  process.env.PATH = pathWith({});
  const commands = new RuntimeCommands('/clients', terminal);
  expect(() => commands.commandFor(functionOf('python3.13'))).toThrow('Stack/Web/Handler: no Python for python3.13: none of python3.13, python3, python runs on this machine');
  expect(() => commands.commandFor(functionOf('ruby3.4'))).toThrow('Stack/Web/Handler: its runtime ruby3.4 cannot be served; nodejs and python runtimes can');
});

import { ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeAssemblies, writeAssembly } from './fixtures/assembly';
import { send } from './fixtures/http-client';
import { PROGRAM_DIRECTORY } from './fixtures/serving';
import { fourDoors } from './fixtures/template';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'interrupted-')));
const temporary = mkdtempSync(path.join(directory, 'tmp-'));
let assembly: string;

/** Notes its own process and one that it starts, and never answers to /hang. */
const CODE = `
  const { spawn } = require('node:child_process');
  const { appendFileSync } = require('node:fs');
  const note = (pid) => appendFileSync(${JSON.stringify(path.join(directory, 'pids'))}, pid + '\\n');
  note(process.pid);
  note(spawn('sleep', ['300'], { stdio: 'ignore' }).pid);
  exports.handler = async ({ rawPath }) => {
    if (rawPath === '/hang') while (true);
    return { statusCode: 200, body: 'hello' };
  };
`;

beforeAll(() => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`files/${index % 20}/${index}.txt`, 'x'.repeat(1000)]));
  assembly = writeAssembly(fourDoors(), { 'index.js': CODE, ...files });
});

afterAll(() => {
  removeAssemblies();
  rmSync(directory, { recursive: true, force: true });
});

function start(...args: string[]): { child: ChildProcess; printed: string[]; exit: Promise<number | null> } {
  const child = spawn(process.execPath, [path.join(PROGRAM_DIRECTORY, 'cli.js'), 'serve', assembly, '--port-base', '0', ...args], {
    env: { ...process.env, TMPDIR: temporary },
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => printed.push(...text.split('\n')));
  return { child, printed, exit: new Promise((resolve) => child.on('exit', resolve)) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 20_000) throw new Error('waited for too long');
    await sleep(10);
  }
}

/** Fails if a process of the function is alive, or a file is left. */
async function expectNothingLeft(): Promise<void> {
  const file = path.join(directory, 'pids');
  const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
  await sleep(50);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(assembly).sort()).toEqual(['Stack.assets.json', 'Stack.template.json', 'asset.code', 'manifest.json']);
  rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended, and that its parent has not asked about.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s during a request leaves no process and no file behind', async (signal) => {
  const { child, printed, exit } = start();
  await until(() => printed.includes('ready'));
  // Only this user may read what an app has.
  expect((statSync(path.join(temporary, readdirSync(temporary)[0])).mode % 0o1000).toString(8)).toBe('700');
  const url = /http:\S+/.exec(printed.find((line) => line.startsWith('http-api'))!)![0];
  expect((await send(url)).body.toString()).toBe('hello');
  const hanging = send(url, { path: '/hang' }).catch(() => 'disconnected');
  await sleep(100);
  child.kill(signal);
  expect([await exit, await hanging]).toEqual([0, 'disconnected']);
  await expectNothingLeft();
});

test('an interruption while the code is copied leaves no process and no file behind', async () => {
  const { child, exit } = start();
  await until(() => readdirSync(temporary).length > 0);
  child.kill('SIGINT');
  await exit;
  await expectNothingLeft();
});

test.each([0, 100, 200, 300, 500])('an interruption %i ms after the start leaves no process and no file behind', async (milliseconds) => {
  const { child, exit } = start();
  await sleep(milliseconds);
  child.kill('SIGINT');
  await exit;
  await expectNothingLeft();
});

test('a reader of the output that goes away ends the command', async () => {
  const { child, printed, exit } = start();
  await until(() => printed.includes('ready'));
  child.stdout!.destroy();
  const url = /http:\S+/.exec(printed.find((line) => line.startsWith('http-api'))!)![0];
  await send(url).catch(() => undefined);
  expect(await exit).toBe(0);
  await expectNothingLeft();
});

test('a port that is taken leaves no process and no file behind', async () => {
  const first = start();
  await until(() => first.printed.includes('ready'));
  const { port } = new URL(/http:\S+/.exec(first.printed.find((line) => line.startsWith('alb'))!)![0]);
  const before = readdirSync(temporary);
  const second = start('--port-base', port);
  expect(await second.exit).toBe(1);
  expect(second.printed.join('\n')).toContain(`port ${port} of the function-url of Stack/Web is in use`);
  expect(readdirSync(temporary)).toEqual(before);
  first.child.kill('SIGINT');
  await first.exit;
  await expectNothingLeft();
});

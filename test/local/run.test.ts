import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import * as cdk from 'aws-cdk-lib';
import { PROGRAM_DIRECTORY } from './fixtures/serving';
import { WebAppCommand, WrappedWebApp } from '../../src';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'run-')));
const CLI = path.join(PROGRAM_DIRECTORY, 'cli.js');

const SCRIPT = `
  const [what, ...rest] = process.argv.slice(2);
  console.log(JSON.stringify({ what, rest, color: process.env.COLOR, table: process.env.TABLE, doors: process.env.WRAPPED_WEB_APP_DOORS }));
  console.error('to the error output');
  if (what === 'fails') process.exit(3);
  if (what === 'hangs') { console.log(String(process.pid)); setTimeout(() => undefined, 60_000); }
  if (what === 'dies') process.kill(process.pid, 'SIGKILL');
`;

beforeAll(() => {
  mkdirSync(path.join(directory, 'site'));
  writeFileSync(path.join(directory, 'package.json'), '{}');
  writeFileSync(path.join(directory, 'app.js'), 'module.exports = (req, res) => res.end();');
  writeFileSync(path.join(directory, 'script.js'), SCRIPT);
  writeFileSync(path.join(directory, 'site/main.py'), 'def app(environ, start_response):\n    start_response("200 OK", [])\n    return []\n');
  writeFileSync(path.join(directory, 'site/task.py'), 'import os, sys\nprint("in Python", sys.argv[1:], os.environ["COLOR"])\nsys.exit(4)\n');
  const app = new cdk.App({ outdir: path.join(directory, 'cdk.out') });
  const shop = new cdk.Stack(app, 'Shop');
  const web = new WrappedWebApp(shop, 'Web', { entry: path.join(directory, 'app.js'), environment: { COLOR: 'blue' } });
  new WebAppCommand(shop, 'Script', { app: web, entry: path.join(directory, 'script.js') });
  new WebAppCommand(shop, 'Quick', { app: web, entry: path.join(directory, 'script.js'), timeout: cdk.Duration.seconds(2) });
  new WebAppCommand(shop, 'Missing', { app: web, command: ['nosuchprogram'] });
  const site = new WrappedWebApp(shop, 'Site', { entry: path.join(directory, 'site/main.py'), environment: { COLOR: 'red' }, loggingFormat: cdk.aws_lambda.LoggingFormat.JSON });
  new WebAppCommand(shop, 'Task', { app: site, command: ['python', 'task.py'] });
  const other = new cdk.Stack(app, 'Other');
  const api = new WrappedWebApp(other, 'Web', { entry: path.join(directory, 'app.js'), environment: { COLOR: 'green', TABLE: shop.splitArn(cdk.Fn.ref('Elsewhere'), cdk.ArnFormat.COLON_RESOURCE_NAME).resource } });
  new WebAppCommand(other, 'Migrate', { app: api, entry: path.join(directory, 'script.js') });
  new WebAppCommand(other, 'Script', { app: api, entry: path.join(directory, 'script.js') });
  app.synth();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'run', ...args], {
    cwd: directory, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH, HOME: directory },
  });
  return { status, lines: stdout.trim().split('\n'), stderr };
}

test('runs a command with its environment and further arguments, and prints what it writes', () => {
  const { status, lines, stderr } = run('Shop/Script', 'works', '--help', '-x');
  expect({ status, lines: lines.slice(1), stderr: stderr.replace(/.* functions run on .*\n/, '') }).toEqual({
    status: 0, lines: ['to the error output', expect.stringContaining('succeeded after')], stderr: '',
  });
  expect(JSON.parse(lines[0])).toEqual({ what: 'works', rest: ['--help', '-x'], color: 'blue' });
});

test.each<[string, string[], number, RegExp]>([
  ['its exit code', ['Shop/Script', 'fails'], 3, /Shop\/Script: the command .* ended with exit code 3$/m],
  ['that of the signal that ended it', ['Shop/Script', 'dies'], 137, /was ended by the signal SIGKILL$/m],
  ['that of a program that is not there', ['Missing'], 127, /could not be started: there is no program nosuchprogram/],
  ['that of a timeout', ['Quick', 'hangs'], 124, /was stopped after 1\.6 s, shortly before the function's timeout/],
  ['the exit code of a Python command', ['Task', '--plan'], 4, /ended with exit code 4$/m],
])('ends with %s', (_, args, status, message) => {
  const result = run(...args);
  expect([result.status, result.stderr]).toEqual([status, expect.stringMatching(message)]);
});

test('runs Python with the environment of its app', () => {
  expect(run('Task', '--plan').lines).toEqual(["in Python ['--plan'] red"]);
});

test.each<[string, string[], number, string]>([
  ['a name that fits no command', ['Nobody'], 1, "no command is called 'Nobody'; there are:\n  Shop/Script\n  Shop/Quick\n  Shop/Missing\n  Shop/Task\n  Other/Migrate\n  Other/Script\n"],
  ['a name that fits several', ['Script'], 1, "several commands are called 'Script'; use the path of one of them:\n  Shop/Script\n  Other/Script\n"],
  ['no name', [], 2, "expected the name of a command, as in 'run Stack/Migrate'"],
  ['an option of the command after its name only', ['--plan', 'Task'], 2, '--plan'],
  ['a folder that is not a cloud assembly', ['--app', '/nowhere', 'Task'], 1, '/nowhere is not a synthesized CDK app'],
  ['a value that only a deployment knows', ['Other/Migrate'], 1, 'these environment variables cannot be resolved from the template:\n  TABLE'],
])('fails on %s', (_, args, status, message) => {
  const result = run(...args);
  expect([result.status, result.stderr]).toEqual([status, expect.stringContaining(message)]);
});

test('takes values from a file', () => {
  writeFileSync(path.join(directory, 'values.env'), 'TABLE=table-1\n');
  expect(JSON.parse(run('--env-file', 'values.env', 'Migrate').lines[0])).toMatchObject({ color: 'green', table: 'table-1' });
});

/** Without an init process nobody takes the exit code of a process that has lost its parent. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

test('what it has started ends when it is interrupted', async () => {
  const child = spawn(process.execPath, [CLI, 'run', 'Shop/Script', 'hangs'], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines: string[] = [];
  await new Promise<void>((resolve) => createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (/^\d+$/.test(line)) resolve();
  }));
  const pid = Number(lines.at(-1));
  expect(isRunning(pid)).toBe(true);
  child.kill('SIGINT');
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(130);
  await setTimeout(200);
  expect(isRunning(pid)).toBe(false);
});

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { handler } from '../../../lambda-runtime/node/commands/command-handler';

/** The folder of the app's code. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'command-')));
const before = process.cwd();
let lines: string[];

beforeAll(() => {
  process.chdir(folder);
  mkdirSync('node_modules/.bin', { recursive: true });
  mkdirSync('scripts');
  writeFileSync('node_modules/.bin/prisma', '#!/bin/sh\necho "prisma $*"\n');
  chmodSync('node_modules/.bin/prisma', 0o755);
  writeFileSync('plain.sh', 'echo plain\n');
  writeFileSync('scripts/migrate.mjs', 'console.log(process.argv.slice(2).join(), process.env.COLOUR, process.cwd()); console.error("careful");');
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  lines = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});

async function run(words: string[], event: unknown = {}, milliseconds = 20_000): Promise<any> {
  process.env.WRAPPED_WEB_APP_COMMAND = JSON.stringify(words);
  return handler(event, { getRemainingTimeInMillis: () => milliseconds }).then((result) => ({ result }), (error) => ({ error }));
}

/** Where nobody waits for a process that has ended, it stays in the table of processes, without its words. */
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

/** The words that run some JavaScript. */
function script(text: string): string[] {
  return ['node', '-e', text];
}

test('a script runs with its arguments and those of the payload, and its output is in the answer and in the log', async () => {
  process.env.COLOUR = 'blue';
  const { result } = await run(['node', 'scripts/migrate', '--plan'], { args: ['--to', '7'] });
  expect(result).toEqual({ exitCode: 0, durationMs: expect.any(Number), output: `--plan,--to,7 blue ${folder}\ncareful\n`, omittedBytes: 0 });
  expect(lines).toEqual([`--plan,--to,7 blue ${folder}`, 'careful', expect.stringMatching(/^\[wrapped-web-app\] the command node scripts\/migrate --plan --to 7 succeeded after \d+ ms$/)]);
});

test.each([null, undefined, {}, { 'version': '0', 'detail-type': 'Scheduled Event' }])('the payload %j has no arguments', async (event) => {
  expect((await run(script('console.log(process.argv.length)'), event)).result.output).toBe('1\n');
});

test('the command of an installed package is found by its name', async () => {
  expect((await run(['prisma', 'migrate', 'deploy'])).result.output).toBe('prisma migrate deploy\n');
});

test('nobody can answer a question, and no shell reads the words', async () => {
  const { result } = await run(script('process.stdin.on("data", () => {}).on("end", () => console.log("no input", process.argv[1]))'), { args: ['$HOME; rm *'] });
  expect(result.output).toBe('no input $HOME; rm *\n');
});

test('the log has each line as soon as it is complete, and also the last one without a line break', async () => {
  jest.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line);
    if (line === 'a') writeFileSync('go', '');
  });
  await run(script('console.log("a\\r"); setInterval(() => { if (fs.existsSync("go")) { process.stdout.write("b"); process.exit(); } }, 10)'));
  expect(lines.slice(0, 2)).toEqual(['a', 'b']);
});

test('of ten megabytes all are in the log, and the last one is in the answer', async () => {
  const { result } = await run(script('for (let i = 0; i < 100_000; i++) process.stdout.write("x".repeat(99) + "\\n")'));
  expect([result.output.length, result.omittedBytes]).toEqual([1_000_000, 9_000_000]);
  expect(lines.length).toBe(100_001);
});

test('ten megabytes in one line are logged in pieces that CloudWatch takes, and are an answer that Lambda takes', async () => {
  const { result } = await run(script('process.stdout.write("\\0".repeat(10_000_000))'));
  expect(Math.max(...lines.map((line) => line.length))).toBe(64_000);
  expect(lines.join('').length).toBeGreaterThan(10_000_000);
  expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(6_291_556);
});

describe('fails', () => {
  test.each<[string, string[], unknown, string]>([
    ['with the exit code', script('console.log("applying 0007"); console.error("no such table"); process.exit(3)'), {},
      'ended with exit code 3; the log has its whole output, which ends with:\napplying 0007\nno such table'],
    ['with an uncaught exception', script('throw new Error("broken")'), {}, 'Error: broken'],
    ['without output', script('process.exit(1)'), {}, 'ended with exit code 1; it wrote nothing'],
    ['with the signal that ended it', script('process.kill(process.pid, "SIGKILL")'), {}, 'was ended by the signal SIGKILL; it wrote nothing'],
    ['on a program that does not exist', ['knex', 'migrate:latest'], {},
      'the command knex migrate:latest could not be started: there is no program knex on Lambda or in node_modules/.bin of the code; add its package to nodeModules'],
    ['on a file that does not exist', ['./migrate.sh'], {}, 'could not be started: there is no file ./migrate.sh in the code of the function; add it to assets of the app'],
    ['on a script that does not exist', ['node', 'nowhere.js'], {}, 'Cannot find module'],
    ['on a file that is not executable', ['./plain.sh'], {}, "./plain.sh is not executable; name the program that runs it, as in ['sh', 'migrate.sh']"],
    ['on arguments that are not texts', script(''), { args: [7] }, 'args must be a list of strings, e.g. {"args": ["--plan"]}, got [7]'],
    ['on arguments in one text', script(''), { args: '--plan' }, 'got "--plan"'],
  ])('%s', async (_, words, event, message) => {
    const { error } = await run(words, event);
    expect(error).toMatchObject({ name: 'CommandFailed', message: expect.stringContaining(message) });
  });

  test('with lines that CloudFormation takes, the last ones', async () => {
    const { error } = await run(script('for (let i = 0; i < 1e5; i++) console.log(`line ${i} with "quotes" and \\u00e9`); process.exit(1)'));
    expect(error.message).toMatch(/line 99999 with "quotes" and é$/);
    expect(error.message).toContain('line 99985');
    expect(Buffer.byteLength(JSON.stringify(error.message))).toBeLessThan(2_000);
  });

  test('with the end of a line that is too long', async () => {
    const { error } = await run(script('process.stdout.write("x".repeat(1e6) + "the reason"); process.exit(1)'));
    expect(error.message).toMatch(/with:\n…x+the reason$/);
    expect(Buffer.byteLength(JSON.stringify(error.message))).toBeLessThan(2_000);
  });

  test.each([
    ['that hangs', 'console.log("waiting"); setInterval(() => {}, 1e3)'],
    ['that ignores the request to end', 'process.on("SIGTERM", () => console.log("no")); console.log("waiting"); setInterval(() => {}, 1e3)'],
    ['that ends well when it is asked to', 'process.on("SIGTERM", () => process.exit(0)); console.log("waiting"); setInterval(() => {}, 1e3)'],
    ['that waits for a program of its own', 'console.log("waiting"); require("node:child_process").spawnSync("sleep", ["60"])'],
  ])('before the function\'s timeout, on a program %s', async (_, text) => {
    // A tenth of it is left when the program is killed, in which a busy machine must find time to tell of it.
    const timeout = 6_000;
    const began = Date.now();
    const { error } = await run(script(text), {}, timeout);
    expect(Date.now() - began).toBeLessThan(timeout);
    expect(error.message).toContain('was stopped after 4.8 s, shortly before the function\'s timeout; set timeout to a longer time, at most 15 minutes; the log has');
    expect(error.message).toContain('\nwaiting');
  });
});

test('a program that is left in the background neither keeps the command running nor lives on', async () => {
  const began = Date.now();
  const { result } = await run(['sh', '-c', 'sleep 60 & echo $!']);
  expect(Date.now() - began).toBeLessThan(5_000);
  await setTimeout(50);
  expect(isRunning(Number(result.output))).toBe(false);
});

test('fails on a function that is not of a command', async () => {
  delete process.env.WRAPPED_WEB_APP_COMMAND;
  await expect(handler({}, { getRemainingTimeInMillis: () => 1_000 })).rejects.toThrow('WRAPPED_WEB_APP_COMMAND is not set');
});

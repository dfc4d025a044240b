/** @slow installs the CDK from npm in an empty folder, as the README says, and starts an emulator of AWS */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Emulator } from '../integ/emulator';
import { scratchFolder } from '../src/synthesis';

const ROOT = path.join(__dirname, '../..');

/** The blocks of the README that lead from an empty folder to a deployed app: commands, and files with their names. */
const BLOCKS = [...readFileSync(path.join(ROOT, 'README.md'), 'utf8').matchAll(/^```(\w+) walk(?:=(\S+))?\n([^]*?)^```$/gm)]
  .map(([, language, file, text]) => ({ language, file, text }));

const emulator = new Emulator();
const folder = scratchFolder();
let tarball: string;

/** The home folder is the emulator's, but what npm has downloaded once is not downloaded again. */
const npmCache = execFileSync('npm', ['config', 'get', 'cache'], { cwd: ROOT, encoding: 'utf8' }).trim();

function environment(): NodeJS.ProcessEnv {
  return { ...emulator.environment, npm_config_cache: npmCache, npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };
}

beforeAll(async () => {
  await emulator.start();
  const packed = scratchFolder();
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', packed], {
    cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
  }));
  tarball = path.join(packed, filename);
}, 300_000);
afterAll(async () => emulator.stop());

/** Runs a command as it is printed, but with the packed package in place of the one that npm has. */
function run(command: string): string {
  const line = command.replace(/^(npm install .*)\bcdk-wrapped-web-app\b/, `$1${tarball}`);
  // Nobody is there to be asked whether the roles of the stack are right.
  const child = spawnSync(line.replace(/^(npx cdk deploy)$/, '$1 --require-approval never'), { shell: true, cwd: folder, encoding: 'utf8', env: environment() });
  if (child.status !== 0) throw new Error(`${command} ended with ${child.status}:\n${child.stdout}${child.stderr}`);
  return child.stdout + child.stderr;
}

/** Runs `serve` until it is ready, and returns what the app answers behind its door. */
async function answerOfServed(command: string): Promise<string> {
  const child = spawn(command.replace(/^npx cdk-wrapped-web-app/, `exec '${process.execPath}' node_modules/cdk-wrapped-web-app/lib/local/cli.js`), {
    shell: true, cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
    for (let attempt = 0; attempt < 600 && !/^ready$/m.test(output); attempt += 1) await new Promise(resolve => setTimeout(resolve, 100));
    const [, url] = /Hello\/Web +(http:\S+)/.exec(output) ?? [];
    if (url === undefined) throw new Error(`${command} served nothing:\n${output}`);
    return await (await fetch(url)).text();
  } finally {
    child.kill();
    await new Promise(resolve => child.on('exit', resolve));
  }
}

test('from an empty folder, the commands and files of the README lead to an app that is served and deployed', async () => {
  const served: string[] = [];
  let output = '';
  for (const { language, file, text } of BLOCKS) {
    if (language !== 'sh') {
      writeFileSync(path.join(folder, file), text);
      continue;
    }
    for (const command of text.trim().split('\n')) {
      if (/^npx cdk-wrapped-web-app serve/.test(command)) served.push(await answerOfServed(command));
      else output = run(command);
    }
  }
  expect(served).toEqual(['Hello from 127.0.0.1\n']);
  const [, url] = /Hello\.WebUrl\w* = (\S+)/.exec(output) ?? [];
  expect(url).toMatch(/^https?:\/\/\S+\/$/);
}, 900_000);

// The snippet of the page is not compiled with the others: lambda.WebFunction is in no CDK as old as that of this repository.
test('the Web Function of docs/migrate-from-web-function.md compiles with the newest CDK, which the walk has installed', () => {
  const page = readFileSync(path.join(ROOT, 'docs/migrate-from-web-function.md'), 'utf8');
  const [, imports, body] = /^```ts nofixture\n((?:import .*\n)+)([^]*?)^```$/m.exec(page)!;
  expect(body).toContain('new lambda.WebFunction(');
  writeFileSync(path.join(folder, 'web-function.ts'), `import { Stack } from 'aws-cdk-lib';\n${imports}export class S extends Stack { snippet() {\n${body}\n} }\n`);
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'node16', 'web-function.ts'], {
    cwd: folder, encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

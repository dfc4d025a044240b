/** @slow installs the CDK from npm and a framework from PyPI in empty folders, as the pages say, and starts an emulator of AWS */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Emulator } from '../integ/emulator';
import { findInterpreters, prepareUv } from '../lambda-runtime/python-environments';
import { scratchFolder } from '../src/synthesis';

const ROOT = path.join(__dirname, '../..');

const emulator = new Emulator();
let tarball: string;

/** The home folder is the emulator's, but what npm and uv have downloaded once is not downloaded again. */
const npmCache = execFileSync('npm', ['config', 'get', 'cache'], { cwd: ROOT, encoding: 'utf8' }).trim();
const UV = prepareUv();
/** The version that the page names. uv would download it where it is missing. */
const PYTHON = findInterpreters().find(({ version }) => version === '3.13');
const uvCache = execFileSync(UV, ['cache', 'dir'], { encoding: 'utf8' }).trim();

function environment(): NodeJS.ProcessEnv {
  return {
    ...emulator.environment,
    PATH: [path.dirname(UV), ...PYTHON ? [path.dirname(PYTHON.executable)] : [], process.env.PATH].join(path.delimiter),
    UV_CACHE_DIR: uvCache,
    npm_config_cache: npmCache,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
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

/** The commands and files of a page that lead from an empty folder to a running app. */
class Walk {
  readonly folder = path.join(scratchFolder(), 'hello');

  constructor() {
    mkdirSync(this.folder);
  }

  /** Goes through the blocks of the page. Returns what the app answers where it is served, and what the last command printed. */
  async through(page: string): Promise<{ served: string[]; output: string }> {
    const served: string[] = [];
    let output = '';
    for (const [, language, file, text] of readFileSync(path.join(ROOT, page), 'utf8').matchAll(/^```(\w+) walk(?:=(\S+))?\n([^]*?)^```$/gm)) {
      if (language !== 'sh') {
        writeFileSync(path.join(this.folder, file), text);
        continue;
      }
      for (const command of text.trim().split('\n')) {
        if (/^npx cdk-wrapped-web-app serve/.test(command)) served.push(await this.answerOfServed(command));
        else output = this.run(command);
      }
    }
    return { served, output };
  }

  /** Runs a command as it is printed, but with the packed package in place of the one that npm has. */
  private run(command: string): string {
    const line = command.replace(/^(npm install .*)\bcdk-wrapped-web-app\b/, `$1${tarball}`);
    // Nobody is there to be asked whether the roles of the stack are right.
    const child = spawnSync(line.replace(/^(npx cdk deploy)$/, '$1 --require-approval never'), { shell: true, cwd: this.folder, encoding: 'utf8', env: environment() });
    if (child.status !== 0) throw new Error(`${command} ended with ${child.status}:\n${child.stdout}${child.stderr}`);
    return child.stdout + child.stderr;
  }

  /** Runs `serve` until it is ready, and returns what the app answers behind its door. */
  private async answerOfServed(command: string): Promise<string> {
    const child = spawn(command.replace(/^npx cdk-wrapped-web-app/, `exec '${process.execPath}' node_modules/cdk-wrapped-web-app/lib/local/cli.js`), {
      shell: true, cwd: this.folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
      for (let attempt = 0; attempt < 600 && !/^ready$/m.test(output); attempt += 1) await new Promise(resolve => setTimeout(resolve, 100));
      const [, url] = /Hello\/\w+ +(http:\S+)/.exec(output) ?? [];
      if (url === undefined) throw new Error(`${command} served nothing:\n${output}`);
      return await (await fetch(url)).text();
    } finally {
      child.kill();
      await new Promise(resolve => child.on('exit', resolve));
    }
  }
}

const readme = new Walk();

test('from an empty folder, the commands and files of the README lead to an app that is served and deployed', async () => {
  const { served, output } = await readme.through('README.md');
  expect(served).toEqual(['Hello from 127.0.0.1\n']);
  const [, url] = /Hello\.WebUrl\w* = (\S+)/.exec(output) ?? [];
  expect(url).toMatch(/^https?:\/\/\S+\/$/);
}, 900_000);

(PYTHON ? test : test.skip)('so do those for Python developers, to an app that is served', async () => {
  const { served } = await new Walk().through('docs/python-from-an-empty-folder.md');
  expect(served).toEqual(['{"hello":"Lambda"}']);
}, 900_000);

// The snippet of the page is not compiled with the others: lambda.WebFunction is in no CDK as old as that of this repository.
test('the Web Function of docs/migrate-from-web-function.md compiles with the newest CDK, which the walk has installed', () => {
  const page = readFileSync(path.join(ROOT, 'docs/migrate-from-web-function.md'), 'utf8');
  const [, imports, body] = /^```ts nofixture\n((?:import .*\n)+)([^]*?)^```$/m.exec(page)!;
  expect(body).toContain('new lambda.WebFunction(');
  writeFileSync(path.join(readme.folder, 'web-function.ts'), `import { Stack } from 'aws-cdk-lib';\n${imports}export class S extends Stack { snippet() {\n${body}\n} }\n`);
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'node16', 'web-function.ts'], {
    cwd: readme.folder, encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

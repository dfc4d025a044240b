/** @slow runs the CDK's command line, and bundles again and again */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { CdkProject } from '../../../local/reload/cdk-project';
import { DevelopmentLoop } from '../../../local/reload/development-loop';
import { Served } from '../../../local/serve';
import { WrappedWebApp } from '../../../src';
import { send } from '../fixtures/http-client';
import { serveAssembly } from '../fixtures/serving';

const ROOT = path.join(__dirname, '../../..');
const REBUILD_PROGRAM = path.join(ROOT, 'lib/bundling/rebuild.js');

let project: string;
let served: Served;
let loop: DevelopmentLoop;
let notices: string[];

beforeEach(() => {
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'loop-')));
  notices = [];
});
afterEach(async () => {
  await loop?.stop();
  rmSync(project, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), text);
  }
}

function synthesize(entries: Record<string, string>): void {
  const app = new cdk.App({ outdir: path.join(project, 'cdk.out') });
  const stack = new cdk.Stack(app, 'Stack');
  for (const [id, entry] of Object.entries(entries)) new WrappedWebApp(stack, id, { entry: path.join(project, entry) });
  app.synth();
}

async function start(): Promise<void> {
  const assembly = path.join(project, 'cdk.out');
  served = await serveAssembly(assembly);
  const report = { notice: (message: string) => notices.push(message) };
  loop = new DevelopmentLoop({ assembly, served, report, sources: { rebuildProgram: REBUILD_PROGRAM } });
  // Until all files are watched.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

async function bodyOf(app: string): Promise<string> {
  return (await send(served.doors.find((door) => door.path === `Stack/${app}`)!.url)).body.toString();
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing happened; notices: ${notices.join('\n')}`);
}

const NODE_APP = `
  import { greeting } from './greeting';
  export default (request: unknown, response: { end(text: string): void }) => response.end(greeting + process.pid);
`;

test('an edit of a source bundles its app only, and a mistake leaves the app as it was', async () => {
  write({
    'package.json': '{}',
    'one/app.ts': NODE_APP,
    'one/greeting.ts': 'export const greeting = "hello ";',
    'two/app.ts': NODE_APP,
    'two/greeting.ts': 'export const greeting = "other ";',
  });
  synthesize({ One: 'one/app.ts', Two: 'two/app.ts' });
  await start();
  const two = await bodyOf('Two');
  expect(await bodyOf('One')).toMatch(/^hello \d+$/);

  write({ 'one/greeting.ts': 'export const greeting = "changed ";' });
  await until(async () => (await bodyOf('One')).startsWith('changed '));
  expect(await bodyOf('Two')).toBe(two);

  write({ 'one/greeting.ts': 'export const greeting = "' });
  await until(() => notices.some((notice) => /Stack\/One: cannot bundle .*Unterminated string literal/s.test(notice)));
  expect(notices.at(-1)).toMatch(/^Stack\/One: cannot bundle/);
  expect(await bodyOf('One')).toMatch(/^changed \d+$/);

  write({ 'one/greeting.ts': 'export const greeting = "mended ";' });
  await until(async () => (await bodyOf('One')).startsWith('mended '));
  expect(await bodyOf('Two')).toBe(two);
  expect(notices.filter((notice) => notice.includes('cdk synth'))).toEqual([`there is no cdk.json beside ${project}/cdk.out: stacks are not watched; run cdk synth after you have edited one`]);
});

const PYTHON_APP = `
from greeting import greeting

def app(environ, start_response):
    start_response("200 OK", [])
    return [greeting.encode()]
`;

test('an edit of a Python source is taken over as it is, also of one whose bytecode was bundled', async () => {
  write({ 'app/main.py': PYTHON_APP, 'app/greeting.py': 'greeting = "hello"\n' });
  synthesize({ Web: 'app/main.py' });
  await start();
  expect(await bodyOf('Web')).toBe('hello');
  write({ 'app/greeting.py': 'greeting = "changed"\n' });
  await until(async () => await bodyOf('Web') === 'changed');
  write({ 'app/greeting.py': 'greeting = (\n' });
  await until(() => notices.some((notice) => notice.includes('Stack/Web: the change does not load')));
  expect(await bodyOf('Web')).toBe('changed');
  write({ 'app/greeting.py': 'from another import greeting\n', 'app/another.py': 'greeting = "from a new file"\n' });
  await until(async () => await bodyOf('Web') === 'from a new file');
});

test('an edit of the stack synthesizes, and a failure leaves everything as it was', async () => {
  const stackOf = (text: string) => `
    process.env.CDK_VALIDATION = 'false';
    const { App, Stack } = require('aws-cdk-lib');
    const { WrappedWebApp } = require('cdk-wrapped-web-app');
    new WrappedWebApp(new Stack(new App(), 'Stack'), 'Web', { entry: 'src/app.js', environment: { GREETING: ${text} } });
  `;
  write({
    'package.json': '{}',
    'cdk.json': JSON.stringify({ app: 'node stack.js' }),
    'stack.js': stackOf('"hello"'),
    'src/app.js': 'module.exports = (request, response) => response.end(process.env.GREETING);',
  });
  mkdirSync(path.join(project, 'node_modules'));
  for (const name of ['aws-cdk-lib', 'constructs', 'aws-cdk', 'esbuild']) symlinkSync(path.join(ROOT, 'node_modules', name), path.join(project, 'node_modules', name));
  symlinkSync(ROOT, path.join(project, 'node_modules/cdk-wrapped-web-app'));

  await CdkProject.find(path.join(project, 'cdk.out'))!.synthesize();
  await start();
  expect(await bodyOf('Web')).toBe('hello');
  const { url } = served.doors[0];

  write({ 'stack.js': stackOf('wrong') });
  await until(() => notices.some((notice) => /cdk synth failed in .*wrong is not defined/s.test(notice)));
  expect(await bodyOf('Web')).toBe('hello');

  write({ 'stack.js': stackOf('"changed"') });
  await until(async () => await bodyOf('Web') === 'changed');
  expect(served.doors[0].url).toBe(url);
});

test('in a monorepo, the command of cdk.json is found where npm would find it', async () => {
  const cdkCli = "require('node:child_process').execSync(JSON.parse(require('node:fs').readFileSync('cdk.json', 'utf8')).app, { stdio: 'inherit' });";
  write({
    'infra/cdk.json': JSON.stringify({ app: 'make-stacks' }),
    'node_modules/aws-cdk/package.json': '{}',
    'node_modules/aws-cdk/bin/cdk.js': cdkCli,
    'node_modules/.bin/make-stacks': `#!/bin/sh\ntouch '${project}/made'\n`,
  });
  chmodSync(path.join(project, 'node_modules/.bin/make-stacks'), 0o755);
  await CdkProject.find(path.join(project, 'infra/cdk.out'))!.synthesize();
  expect(existsSync(path.join(project, 'made'))).toBe(true);
});

test('what is needed to repeat the bundling lies beside the asset, and is not part of it', () => {
  write({ 'package.json': '{}', 'public/a.txt': 'a', 'app.ts': 'export default () => undefined;' });
  synthesize({ Web: 'app.ts' });
  const { Resources } = JSON.parse(readFileSync(path.join(project, 'cdk.out/Stack.template.json'), 'utf8'));
  const { Properties } = Object.values<any>(Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const record = JSON.parse(readFileSync(path.join(project, `cdk.out/asset.${Properties.Code.S3Key.replace('.zip', '')}.bundling.json`), 'utf8'));
  expect(record).toEqual({
    path: 'Stack/Web',
    workingDirectory: process.cwd(),
    kind: 'node',
    entry: path.join(project, 'app.ts'),
    options: {},
    runtime: 'nodejs24.x',
    architecture: 'x86_64',
    root: project,
    copied: [],
  });
});

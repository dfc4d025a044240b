/**
 * The migration of the Django example in deployments, with AWS's own custom resource, against an emulator of AWS's APIs: one that succeeds,
 * a deployment that changes nothing, one that fails and is rolled back, and one that is stopped by its timeout.
 *
 * The emulator runs functions with its own Python, and has no time limit of the custom resource.
 *
 * @slow installs an emulator of AWS, Django, and AWS's SDK
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Emulator, PYTHON } from './emulator';
import { AppSource, WebAppCommand, WebAppCommandProps, WrappedWebApp } from '../../src';
import { prepareUv } from '../lambda-runtime/python-environments';
import { scratchFolder } from '../src/synthesis';
import { lambdaSdk } from '../toolchain';

const SITE = path.join(scratchFolder(), 'site');
const DATABASE = path.join(scratchFolder(), 'guestbook.sqlite3');
const RUNS = path.join(scratchFolder(), 'runs');
/** One folder for all releases, so that the site is bundled once. */
const ASSEMBLY = scratchFolder();

process.env.PATH = `${path.dirname(prepareUv())}:${process.env.PATH}`;

const emulator = new Emulator();

beforeAll(async () => {
  cpSync(path.join(__dirname, '../../examples/django-alb/site'), SITE, { recursive: true, filter: file => !/db\.sqlite3|staticfiles|\.venv|__pycache__/.test(file) });
  mkdirSync(path.dirname(DATABASE), { recursive: true });
  await emulator.start({ NODE_PATH: lambdaSdk() });
  emulator.cdk('bootstrap', 'aws://000000000000/us-east-1');
}, 300_000);

afterAll(() => emulator.stop());

/** Synthesizes the site with its migration. */
function synthesize(release: string, props: Partial<WebAppCommandProps>): string {
  const app = new cdk.App({ outdir: ASSEMBLY });
  const stack = new cdk.Stack(app, 'Guestbook', { env: { region: 'us-east-1' } });
  const site = new WrappedWebApp(stack, 'Site', {
    entry: AppSource.python(path.join(SITE, 'mysite/wsgi.py')),
    runtime: new cdk.aws_lambda.Runtime(`python${PYTHON.version}`, cdk.aws_lambda.RuntimeFamily.PYTHON),
    environment: { DATABASE_FILE: DATABASE, RELEASE: release },
    aliasName: 'live',
  });
  new WebAppCommand(stack, 'Migrate', { app: site, onDeploy: true, command: ['python', 'manage.py', 'migrate', '--noinput'], ...props });
  return app.synth().directory;
}

function deploy(release: string, props: Partial<WebAppCommandProps> = {}): { [output: string]: string } {
  return emulator.deploy(synthesize(release, props)).Guestbook;
}

/** The tables of the database. */
function tables(): string[] {
  const program = 'import json, sqlite3, sys; print(json.dumps([name for name, in sqlite3.connect(sys.argv[1]).execute("SELECT name FROM sqlite_master")]))';
  return JSON.parse(execFileSync(PYTHON.executable, ['-c', program, DATABASE], { encoding: 'utf8' }));
}

async function versionOfAlias(): Promise<string> {
  const name = (await emulator.resourcesOf('Guestbook')).find(({ logicalId }) => /^SiteHandler[0-9A-F]{8}$/.test(logicalId))!.physicalId;
  return (await emulator.lambda('GET', `/2015-03-31/functions/${name}/aliases/live`)).FunctionVersion;
}

test('a migration runs in the deployment, and then the site answers with its tables', async () => {
  expect(existsSync(DATABASE)).toBe(false);
  const outputs = deploy('1');
  expect(tables()).toContain('guestbook_entry');
  const [, url] = Object.entries(outputs).find(([name]) => name.startsWith('SiteUrl'))!;
  // The static files of the other pages are not collected.
  expect(await emulator.request(`${url}nowhere`)).toMatchObject({ status: 404, body: expect.stringContaining('Not Found') });
  expect(await versionOfAlias()).toBe('1');
}, 180_000);

test('a deployment that changes nothing does not run it again', async () => {
  execFileSync(PYTHON.executable, ['-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("DROP TABLE guestbook_entry"); c.commit()', DATABASE]);
  deploy('1');
  expect(tables()).not.toContain('guestbook_entry');
}, 180_000);

test('a migration that fails fails the deployment with its last lines, and the alias stays where it was', async () => {
  expect(() => deploy('2', { command: ['python', 'manage.py', 'migrate', 'guestbook', '9999'] }))
    .toThrow(/the command python manage\.py migrate guestbook 9999 ended with exit code 1; [^]*CommandError: Cannot find a migration matching '9999' from app 'guestbook'/);
  expect(await versionOfAlias()).toBe('1');
}, 180_000);

test('a migration that hangs is stopped once, before its timeout, and the deployment says so', async () => {
  const hangs = ['python', '-c', `open(${JSON.stringify(RUNS)}, 'a').write('run\\n'); print('waiting for a lock', flush=True); import time; time.sleep(600)`];
  expect(() => deploy('3', { command: hangs, timeout: cdk.Duration.seconds(3) }))
    .toThrow(/was stopped after 2\.4 s, shortly before the function's timeout; [^]*waiting for a lock/);
  expect(readFileSync(RUNS, 'utf8')).toBe('run\n');
  expect(await versionOfAlias()).toBe('1');
}, 180_000);

test('by hand a command takes arguments, and answers with its output', async () => {
  deploy('4');
  const name = (await emulator.resourcesOf('Guestbook')).find(({ logicalId }) => /^MigrateHandler[0-9A-F]{8}$/.test(logicalId))!.physicalId;
  const answer = await emulator.lambda('POST', `/2015-03-31/functions/${name}/invocations`, { args: ['--plan'] });
  expect(answer).toMatchObject({ exitCode: 0, output: expect.stringContaining('No planned migration operations'), omittedBytes: 0 });
}, 180_000);

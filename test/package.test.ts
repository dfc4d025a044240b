/** @slow packs the package, compiles against it, and installs another version of Node */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { prepareUv } from './lambda-runtime/python-environments';
import { INSTALLATION_TIME, lowestNodeBinary } from './toolchain';

const ROOT = join(__dirname, '..');
const CONSUMER = realpathSync(mkdtempSync(join(tmpdir(), 'consumer-')));
const PACKAGE = join(CONSUMER, 'node_modules', 'cdk-wrapped-web-app');

/** What `npm pack` ships, installed beside the packages that a CDK project has anyway. */
beforeAll(() => {
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', CONSUMER], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }));
  mkdirSync(PACKAGE, { recursive: true });
  execFileSync('tar', ['-xzf', join(CONSUMER, filename), '-C', PACKAGE, '--strip-components=1']);
  for (const name of ['aws-cdk-lib', 'constructs', 'esbuild', 'express']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(CONSUMER, 'node_modules', name));
  }
  write('package.json', '{}');
  write('src/app.js', "const express = require('express'); const app = express(); app.get('/', (req, res) => res.send('hello')); module.exports = app;");
});

function write(file: string, text: string): void {
  mkdirSync(join(CONSUMER, file, '..'), { recursive: true });
  writeFileSync(join(CONSUMER, file), text);
}

function run(...command: string[]): string {
  const child = spawnSync(process.execPath, command, { cwd: CONSUMER, encoding: 'utf8', env: process.env });
  if (child.status !== 0) {
    throw new Error(`${command.join(' ')} ended with ${child.status}:\n${child.stdout}${child.stderr}`);
  }
  return child.stdout;
}

const STACK = `
  const app = new App();
  new WrappedWebApp(new Stack(app, 'Web'), 'Api', { entry: 'src/app.js', frontDoor: 'rest-api' });
  const { Resources } = app.synth().getStackByName('Web').template;
  console.log(Object.values(Resources).find(({ Type }) => Type === 'AWS::ApiGateway::RestApi').Properties.BinaryMediaTypes[0]);
  console.log(Object.values(Resources).find(({ Type }) => Type === 'AWS::Lambda::Function').Properties.Handler);`;

test('a CommonJS project synthesizes with the installed package', () => {
  write('stack.cjs', `const { App, Stack } = require('aws-cdk-lib'); const { WrappedWebApp } = require('cdk-wrapped-web-app'); ${STACK}`);
  expect(run('stack.cjs')).toBe('*/*\nsrc/app.handler\n');
});

test('an ES module project synthesizes with the installed package', () => {
  write('stack.mjs', `import { App, Stack } from 'aws-cdk-lib'; import { WrappedWebApp } from 'cdk-wrapped-web-app'; ${STACK}`);
  expect(run('stack.mjs')).toBe('*/*\nsrc/app.handler\n');
});

test('the runtime answers without the construct, in both module systems', () => {
  const event = JSON.stringify({ httpMethod: 'GET', path: '/', headers: {}, requestContext: { elb: {} } });
  const call = `makeLambdaHandler((req, res) => res.end(req.url))(${event}).then(({ statusCode, body }) => console.log(statusCode, body));`;
  write('handler.cjs', `const { makeLambdaHandler } = require('cdk-wrapped-web-app/lambda-runtime/node'); ${call}`);
  write('handler.mjs', `import { makeLambdaHandler } from 'cdk-wrapped-web-app/lambda-runtime/node'; ${call}`);
  expect([run('handler.cjs'), run('handler.mjs')]).toEqual(['200 /\n', '200 /\n']);
});

test('the command of the package is executable in the archive, because the console script of a Python wheel starts it directly', () => {
  const archive = join(CONSUMER, readdirSync(CONSUMER).find((name) => name.endsWith('.tgz'))!);
  const [line] = execFileSync('tar', ['-tvzf', archive, 'package/lib/local/cli.js'], { encoding: 'utf8' }).split('\n');
  expect(line).toMatch(/^-rwxr-xr-x /);
  expect(execFileSync(join(PACKAGE, 'lib/local/cli.js'), ['--help'], { cwd: CONSUMER, encoding: 'utf8' })).toContain('Usage: cdk-wrapped-web-app <command>');
});

test('apps are bundled and served on the lowest version of Node that the package supports', () => {
  const PATH = [dirname(prepareUv()), process.env.PATH].join(delimiter);
  const { stdout, stderr } = spawnSync(lowestNodeBinary(), [join(ROOT, 'scripts/try-package.mjs'), CONSUMER], { env: { ...process.env, PATH }, encoding: 'utf8' });
  const { engines } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  expect(stderr + stdout).toBe(`the package works on Node ${engines.node.replace('>= ', '')}\n`);
}, INSTALLATION_TIME);

test('the command of the package runs, and needs no other package', () => {
  const command = join(PACKAGE, 'lib/local/cli.js');
  expect(execFileSync(command, ['--help'], { cwd: CONSUMER, encoding: 'utf8' })).toContain('Usage: cdk-wrapped-web-app <command>');
  const required = [...readFileSync(command, 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
  expect(required.filter((name) => !isBuiltin(name))).toEqual([]);
});

test('the licenses of the packages that are inlined are in the package', () => {
  const licenses = readFileSync(join(PACKAGE, 'lib/local/THIRD-PARTY-LICENSES.txt'), 'utf8');
  const inlined = [...readFileSync(join(PACKAGE, 'lib/local/cli.js'), 'utf8').matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name);
  expect(new Set(inlined)).toEqual(new Set(['buffer-crc32', 'chokidar', 'pend', 'readdirp', 'yauzl']));
  for (const name of inlined) {
    const { version, license } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
    expect(licenses).toContain(`\n${name} ${version} (${license})\n`);
    expect(licenses).toContain(readFileSync(join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8').trim());
  }
});

test('of the local doors, the package has what runs and the licenses', () => {
  expect(readdirSync(join(PACKAGE, 'lib/local')).sort()).toEqual(['THIRD-PARTY-LICENSES.txt', 'cli.js', 'inspector.html', 'node-client.js', 'python_client.py']);
});

test.each([
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
  ['commonjs', 'node10'],
])('the types of the runtime need no others, with module %s and moduleResolution %s', (module, moduleResolution) => {
  write('types.ts', `
    import { getLambdaContext, getLambdaEvent, LambdaContext, LambdaHandler, makeLambdaHandler } from 'cdk-wrapped-web-app/lambda-runtime/node';
    export const handler: LambdaHandler = makeLambdaHandler(() => undefined, { binarySupport: true });
    export const context: LambdaContext | undefined = getLambdaContext();
    export const event: string = getLambdaEvent<string>()!;`);
  const flags = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--module', module, '--moduleResolution', moduleResolution];
  // TypeScript 6 rejects node10 without this option.
  if (moduleResolution === 'node10') flags.push('--ignoreDeprecations', '6.0');
  run(join(ROOT, 'node_modules/typescript/bin/tsc'), ...flags, 'types.ts');
});

test.each([
  ['node16', 'node16'],
  ['commonjs', 'node10'],
])('the types of the construct compile where those of the CDK do, with module %s and moduleResolution %s', (module, moduleResolution) => {
  write('construct.ts', "import { FrontDoor, WrappedWebApp } from 'cdk-wrapped-web-app'; export const names = [FrontDoor.name, WrappedWebApp.name];");
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', module, '--moduleResolution', moduleResolution];
  if (moduleResolution === 'node10') flags.push('--ignoreDeprecations', '6.0');
  run(join(ROOT, 'node_modules/typescript/bin/tsc'), ...flags, 'construct.ts');
});

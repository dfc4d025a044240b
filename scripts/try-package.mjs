// Uses the installed package as a project does: synthesizes a stack of Node and Python apps, serves it with the package's
// command, and sends a request to each front door. It runs on Node alone, so that it can run on versions that the
// packages of the tests do not support.
//
//     node scripts/try-package.mjs <folder>
//
// The folder is a project in which cdk-wrapped-web-app, aws-cdk-lib, constructs and esbuild are installed. Needs uv or pip.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const folder = resolve(process.argv[2] ?? fail('name the folder of a project that has the package installed'));
const environment = { ...process.env, CDK_VALIDATION: 'false' };

const FILES = {
  'try/listener.ts': "import { readFileSync } from 'node:fs';\nexport default (req, res) => res.end(`listener ${req.url} ${readFileSync('try/assets/deep/file.txt', 'utf8')}`);",
  'try/assets/deep/file.txt': 'asset',
  'try/fetch.mjs': "export default { fetch: (request) => new Response(`fetch ${new URL(request.url).pathname} asset`) };",
  'try/python/main.py': "import six\n\ndef app(environ, start_response):\n    start_response('200 OK', [('Content-Type', 'text/plain')])\n    return [f\"python {environ['PATH_INFO']} asset\".encode()]\n",
  'try/python/requirements.txt': 'six==1.17.0\n',
  'try/stack.cjs': `
    const { App, Stack } = require('aws-cdk-lib');
    const { AppSource, WrappedWebApp } = require('cdk-wrapped-web-app');
    const app = new App({ outdir: 'try/cdk.out' });
    const stack = new Stack(app, 'Try');
    const listener = AppSource.node('try/listener.ts', { assets: ['try/assets'] });
    new WrappedWebApp(stack, 'Alb', { entry: listener, frontDoor: 'alb' });
    new WrappedWebApp(stack, 'RestApi', { entry: listener, frontDoor: 'rest-api', responseStreaming: true });
    new WrappedWebApp(stack, 'FunctionUrl', { entry: 'try/fetch.mjs', frontDoor: 'function-url' });
    new WrappedWebApp(stack, 'HttpApi', { entry: 'try/python/main.py', frontDoor: 'http-api' });
    app.synth();`,
};

for (const [file, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
rmSync(join(folder, 'try/cdk.out'), { recursive: true, force: true });
const synth = spawnSync(process.execPath, ['try/stack.cjs'], { cwd: folder, env: environment, encoding: 'utf8' });
if (synth.status !== 0) {
  fail(`the stack does not synthesize:\n${synth.stdout}${synth.stderr}`);
}
// Written by installers, and removed from every folder of a bundle: this shows that folders are read to the bottom.
const leftovers = filesBelow(join(folder, 'try/cdk.out')).filter((file) => /REQUESTED$|direct_url\.json$/.test(file));
if (leftovers.length > 0) {
  fail(`the bundles must not have ${leftovers.join(', ')}`);
}

const command = join(folder, 'node_modules/cdk-wrapped-web-app/lib/local/cli.js');
const server = spawn(process.execPath, [command, 'serve', 'try/cdk.out', '--port-base', '0'], { cwd: folder, env: environment });
const doors = new Map();
let output = '';
server.stderr.on('data', (data) => output += data);
server.on('exit', (code) => fail(`serve ended with ${code}:\n${output}`));
for await (const line of createInterface({ input: server.stdout })) {
  output += `${line}\n`;
  const [, id, url] = /Try\/(\w+) +(http:\S+)$/.exec(line) ?? [];
  if (id) doors.set(id, url);
  if (line === 'ready') break;
}
for (const [id, expected] of Object.entries({ Alb: 'listener', RestApi: 'listener', FunctionUrl: 'fetch', HttpApi: 'python' })) {
  const response = await fetch(`${doors.get(id)}path`);
  const text = await response.text();
  if (response.status !== 200 || text !== `${expected} /path asset`) {
    fail(`${id} answered ${response.status} ${JSON.stringify(text)}:\n${output}`);
  }
}
server.removeAllListeners('exit');
server.kill();
console.log(`the package works on Node ${process.versions.node}`);

function filesBelow(directory) {
  return readdirSync(directory).map((name) => join(directory, name)).flatMap((file) => statSync(file).isDirectory() ? filesBelow(file) : [file]);
}

function fail(message) {
  console.error(`try-package: ${message}`);
  process.exit(1);
}

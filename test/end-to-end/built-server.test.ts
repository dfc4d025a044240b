import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync } from 'node:fs';
import * as cdk from 'aws-cdk-lib';
import { freePort } from '../../local/free-port';
import { AppSource, WrappedWebApp } from '../../src';
import { DOOR_NAMES } from '../local/fixtures/doors';
import { ReceivedResponse, send, SentRequest } from '../local/fixtures/http-client';
import { serveAssembly } from '../local/fixtures/serving';
import { Project } from '../src/bundling/project';
import { scratchFolder } from '../src/synthesis';

/** What a framework leaves behind: an entry, packages, and a folder that has to be laid into it. */
const site = new Project({
  'build/package.json': { type: 'module' },
  // The import of the package comes first, and the package listens.
  'build/server/index.js': `
    import { routes } from 'framework';
    import { readFileSync } from 'node:fs';
    import path from 'node:path';
    import { fileURLToPath } from 'node:url';
    import { helper } from './chunks/helper.js';
    routes.set('/where', () => JSON.stringify({
      cwd: path.relative(process.cwd(), import.meta.dirname), main: process.argv[1] === fileURLToPath(import.meta.url), args: process.argv.slice(2), helper,
      port: process.env.PORT !== undefined, mode: process.env.NODE_ENV,
    }));
    routes.set('/from-cwd', () => readFileSync('client/style.css'));
    routes.set('/from-meta', () => readFileSync(new URL('../client/style.css', import.meta.url)));
    routes.set('/lazy', async () => (await import('./chunks/lazy.js')).default);
  `,
  'build/server/chunks/helper.js': "import versions from 'versions'; export const helper = versions;",
  'build/server/chunks/lazy.js': "export default 'loaded when it was asked for';",
  'build/node_modules/framework/package.json': { type: 'module', exports: './index.js' },
  'build/node_modules/framework/index.js': `
    import { createServer } from 'node:http';
    export const routes = new Map();
    createServer(async (req, res) => {
      const { pathname } = new URL(req.url, 'http://localhost');
      res.setHeader('content-type', req.headers['content-type'] ?? 'text/plain');
      if (req.method === 'POST') { res.setHeader('set-cookie', ['a=1', 'b=2']); req.pipe(res); return; }
      if (pathname === '/streamed') { res.write('one '); setTimeout(() => res.end('two'), 20); return; }
      const route = routes.get(pathname);
      if (!route) { res.statusCode = 404; res.end('no ' + req.url); return; }
      const body = await route();
      res.end(body);
    }).listen(Number(process.env.PORT), process.env.HOST, () => console.log('listening'));
  `,
  'build/node_modules/.store/versions@1/node_modules/versions/index.js': "module.exports = 'versions with ' + require('other'); module.exports.from = __dirname;",
  'build/node_modules/.store/other@2/node_modules/other/index.js': "module.exports = 'other 2';",
  'client/style.css': 'body { margin: 0 }',
});
symlinkSync('.store/versions@1/node_modules/versions', site.path('build/node_modules/versions'));
symlinkSync('../../other@2/node_modules/other', site.path('build/node_modules/.store/versions@1/node_modules/other'));

const REQUESTS: SentRequest[] = [
  { path: '/where' }, { path: '/from-cwd' }, { path: '/from-meta' }, { path: '/lazy' }, { path: '/streamed' }, { path: '/nothing?a=1' },
  { method: 'HEAD', path: '/lazy' }, { method: 'POST', path: '/', body: Buffer.from([0, 255, 128]), headers: [['content-type', 'image/png']] },
];

let plain: ChildProcess;
let plainUrl: string;

/** The same folder on a plain server: `node server/index.js --flag`. */
beforeAll(async () => {
  const folder = `${scratchFolder()}/build`;
  cpSync(site.path('build'), folder, { recursive: true, verbatimSymlinks: true });
  cpSync(site.path('client'), `${folder}/client`, { recursive: true });
  const port = await freePort();
  plain = spawn(process.execPath, ['server/index.js', '--flag'], { cwd: folder, env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', NODE_ENV: 'production' } });
  await once(plain.stdout!, 'data');
  plainUrl = `http://127.0.0.1:${port}/`;
});

afterAll(async () => {
  const ended = once(plain, 'exit');
  plain.kill();
  await ended;
});

test.each([false, true])('a built server answers behind every door as it does by itself, streaming: %s', async (responseStreaming) => {
  const outdir = scratchFolder();
  const stack = new cdk.Stack(new cdk.App({ outdir }), 'Stack');
  const doors = DOOR_NAMES.filter((name) => !responseStreaming || name === 'function-url' || name === 'rest-api');
  for (const frontDoor of doors) {
    new WrappedWebApp(stack, frontDoor, {
      entry: AppSource.server(site.path('build'), { entry: 'server/index.js', args: ['--flag'], assets: { client: site.path('client') } }),
      frontDoor,
      responseStreaming,
    });
  }
  (stack.node.root as cdk.App).synth();
  const served = await serveAssembly(outdir);
  expect(served.doors).toHaveLength(doors.length);
  for (const request of REQUESTS) {
    const expected = seen(await send(plainUrl, request));
    for (const { name, url } of served.doors) expect([name, request.path, seen(await send(url, request))]).toEqual([name, request.path, expected]);
  }
  expect(JSON.parse(String((await send(served.doors[0].url, { path: '/where' })).body))).toEqual({
    cwd: 'server', main: true, args: ['--flag'], helper: 'versions with other 2', port: true, mode: 'production',
  });
});

function seen({ status, headers, body }: ReceivedResponse) {
  return { status, type: headers['content-type'], cookies: headers['set-cookie'], body: body.toString('latin1') };
}

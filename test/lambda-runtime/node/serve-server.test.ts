import { spawnSync } from 'node:child_process';
import { Bundle, Project } from '../../src/bundling/project';

const HANDLER = 'wrapped-web-app-handler.mjs';
const ANSWER = "require('node:http').createServer((req, res) => res.end(String(answer))).listen(process.env.PORT);";
const ANSWER_ESM = "import { createServer } from 'node:http'; createServer((req, res) => res.end(String(answer))).listen(3000);";

/** The asset of a server that has this file, and others. */
function assetOf(file: string, code: string, files: { [file: string]: string | object } = {}, args?: string[]): Bundle {
  return new Project({ [`build/${file}`]: code, ...files }).server('build', { entry: file, args });
}

/** What is printed while the handler is loaded, as Lambda loads it. */
function loading(bundle: Bundle, env: NodeJS.ProcessEnv = {}): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['-e', `import('./${HANDLER}')`], {
    cwd: bundle.directory, encoding: 'utf8', env: { ...process.env, ...env },
  });
}

describe('a server is run as by `node file`', () => {
  test.each([
    ['CommonJS that listens only as the main module', 'server.cjs', `const answer = require.main === module; if (answer) ${ANSWER}`],
    ['CommonJS by its package.json', 'server.js', `const answer = require.main === module; ${ANSWER}`],
    ['an ES module that listens only as the main module', 'server.mjs',
      `import { fileURLToPath } from 'node:url'; const answer = process.argv[1] === fileURLToPath(import.meta.url); ${ANSWER_ESM}`],
    ['an ES module in a .js file without a type', 'server.js', `const answer = import.meta.url.endsWith('/server.js'); ${ANSWER_ESM}`],
    ['such a module with a top-level await', 'server.js', `await null; const answer = true; ${ANSWER_ESM}`],
    ['its own path', 'lib/server.cjs', `const answer = __filename === require('path').join(process.cwd(), 'lib/server.cjs') && __dirname === require('path').dirname(__filename); ${ANSWER}`],
  ])('%s', (_, file, code) => {
    expect(assetOf(file, code).get(HANDLER, '/').body).toBe('true');
  });

  test('an ES module by its package.json', () => {
    expect(assetOf('lib/server.js', `const answer = 1; ${ANSWER_ESM}`, { 'build/package.json': { type: 'module' } }).get(HANDLER, '/').body).toBe('1');
  });

  test('with the arguments of the user', () => {
    expect(assetOf('server.cjs', `const answer = process.argv.slice(2).join(); ${ANSWER}`, {}, ['a', 'b c']).get(HANDLER, '/').body).toBe('a,b c');
  });
});

test('listen() is caught, whichever module calls it', () => {
  // As an import of the entry it runs before the entry.
  const files = { 'build/node_modules/listener/index.mjs': `const answer = 'imported'; ${ANSWER_ESM}`, 'build/node_modules/listener/package.json': { exports: './index.mjs' } };
  expect(assetOf('server.mjs', "import 'listener';", files).get(HANDLER, '/').body).toBe('imported');
});

test('the server that listens is the app, as on a plain Node, and not what the module exports', () => {
  const code = `const answer = 'listening'; ${ANSWER_ESM} export default { fetch: () => new Response('exported') };`;
  expect(assetOf('server.mjs', code).get(HANDLER, '/').body).toBe('listening');
});

test('an export is the app if no server listens', () => {
  expect(assetOf('server.mjs', "export default { fetch: () => new Response('exported') };").get(HANDLER, '/').body).toBe('exported');
});

test('the export that the entry names is the app, also if a server listens', () => {
  const code = `const answer = 'listening'; ${ANSWER_ESM} export const app = { fetch: () => new Response('exported') };`;
  expect(new Project({ 'build/server.mjs': code }).server('build', { entry: 'server.mjs:app' }).get(HANDLER, '/').body).toBe('exported');
});

test('the export that the entry names is the app', () => {
  const project = new Project({ 'build/handler.mjs': "export const handler = (req, res, next) => res.end('exported');" });
  expect(project.server('build', { entry: 'handler.mjs:handler' }).get(HANDLER, '/').body).toBe('exported');
});

describe('of two servers', () => {
  const two = (port: number) => `const { createServer } = require('node:http');
    createServer((req, res) => res.end('metrics')).listen(9090); createServer((req, res) => res.end('web')).listen(${port});`;

  test('the one on PORT is the app', () => {
    expect(assetOf('server.cjs', `process.env.PORT = '8080'; ${two(8080)}`).get(HANDLER, '/').body).toBe('web');
  });

  test('neither is the app if none is on PORT', () => {
    expect(loading(assetOf('server.cjs', two(8080)), { PORT: '3000' }).stderr).toContain(
      'server.cjs: started 2 servers (9090, 8080), but a front door needs exactly one; export the server to use, or set the environment variable PORT to its port');
  });

  test('one that starts later is named in the log', () => {
    const code = "const { createServer } = require('node:http'); createServer().listen(3000); setTimeout(() => createServer().listen(9090), 50);";
    expect(loading(assetOf('server.cjs', code)).stderr).toContain('server.cjs started another server later, at 9090, which gets no requests');
  });
});

test('a server that never listens fails the start', () => {
  const { status, stderr } = loading(assetOf('server.cjs', 'exports.routes = [];'));
  expect(status).toBe(1);
  expect(stderr).toContain('server.cjs: no app was found, it exports routes (array), default (object), and it started no HTTP server');
});

test('a server that ends the process because it wants arguments is named in the log, with args', () => {
  const { status, stderr } = loading(assetOf('server.cjs', "console.error('Usage: serve <file>'); process.exit(2);"));
  expect(status).toBe(2);
  expect(stderr).toContain('server.cjs ended the process with exit code 2 before it called listen(); if it expects arguments, set them as args of the server, got args []');
});

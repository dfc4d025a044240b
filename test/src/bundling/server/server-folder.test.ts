import { ServerAppOptions } from '../../../../src';
import { Project } from '../project';

const STANDALONE = "set output: 'standalone' in next.config.js, and run: npx next build";
const SERVER = { 'package.json': {}, 'build/server.js': "require('http').createServer().listen(3000);" };

function expectRefused(files: { [file: string]: string | object }, folder: string, options: Partial<ServerAppOptions>, ...parts: string[]): void {
  const project = new Project(files);
  const make = () => project.server(folder, options as ServerAppOptions);
  expect(make).toThrow(/^Stack\/Web: /);
  for (const part of parts) expect(make).toThrow(part);
}

test.each([
  ['an entry that is no JavaScript', { entry: 'server.ts' }, 'must be a file in it that ends in .js, .mjs or .cjs, e.g. entry: \'server.js\', got "server.ts"'],
  ['no entry', {}, 'got undefined'],
  ['an entry outside of the folder', { entry: '../server.js' }, 'entry "../server.js" is outside of the folder of the server'],
  ['an asset that does not exist', { entry: 'server.js', assets: { public: 'no/public' } }, 'asset "no/public" does not exist; it is looked up from the working directory, as '],
  ['an asset that is laid outside of the folder', { entry: 'server.js', assets: { '../public': '.' } }, 'asset "../public" is outside of the folder of the server'],
])('fails on %s', (_, options, message) => {
  expectRefused(SERVER, 'build', options, message);
});

test('fails on a folder without the entry, and names the files that it may be', () => {
  expectRefused({ 'build/apps/web/server.js': '', 'build/node_modules/x/server.js': '' }, 'build', { entry: 'server.js' },
    'has no file server.js; there is apps/web/server.js: use it as entry');
  expectRefused({ 'build/main.js': '', 'build/lib/a.js': '' }, 'build', { entry: 'server.js' }, 'has no file server.js; it has lib, main.js');
});

test('fails on a folder that does not exist', () => {
  expectRefused({}, 'build', { entry: 'index.js' }, 'build does not exist; run the build of the framework first');
});

describe('Next', () => {
  test.each([
    ['no build', {}, `because nothing is built; ${STANDALONE}`],
    ['a static export', { '.next/BUILD_ID': 'x', '.next/export-detail.json': {} }, `next.config.js sets output: 'export', which makes static files and no server; ${STANDALONE}`],
    ['a build whose config says export', { '.next/BUILD_ID': 'x', '.next/required-server-files.json': { config: { output: 'export' } } }, "sets output: 'export'"],
    ['a development build', { '.next/server/app.js': '' }, `holds a development build of Next; ${STANDALONE}`],
    ['a build that is not standalone', { '.next/BUILD_ID': 'x' }, `because Next was built without it; ${STANDALONE}`],
  ])('fails on %s', (_, files, message) => {
    expectRefused(files, '.next/standalone', { entry: 'server.js' }, message);
  });

  test('fails on the folders around the standalone server', () => {
    const built = { '.next/BUILD_ID': 'x', '.next/standalone/server.js': '' };
    expectRefused(built, '.next', { entry: 'server.js' }, 'use AppSource.server("', '.next/standalone", …)');
    expectRefused(built, '.', { entry: 'server.js' }, '.next/standalone", …)');
    expectRefused({ 'out/index.html': '', 'out/404.html': '' }, 'out', { entry: 'server.js' }, 'it holds static files only (index.html); build a Node server instead');
  });
});

test.each([
  ['for Cloudflare', 'cloudflare-module', 'makes no Node server'],
  ['for another platform', 'vercel_edge', 'makes no Node server'],
  ['of static files', 'static', 'makes static files and no server'],
  ['for development', 'nitro-dev', 'makes a development build'],
])('fails on a build of Nuxt %s, even if it has the entry', (_, preset, message) => {
  const files = { '.output/nitro.json': { preset }, '.output/server/index.mjs': '' };
  expectRefused(files, '.output', { entry: 'server/index.mjs' }, `was built with the preset "${preset}", which ${message}; set nitro: { preset: 'node-server' }`);
});

test('fails on Nuxt without a build', () => {
  expectRefused({}, '.output', { entry: 'server/index.mjs' }, '.output does not exist; run: npx nuxt build');
});

test('fails on a build for the edge', () => {
  expectRefused({ 'dist/_worker.js/index.js': '', 'dist/server/entry.mjs': '' }, 'dist', { entry: 'server/entry.mjs' },
    "holds a build for Cloudflare (_worker.js), not a Node server; use the Node adapter of the framework (Astro: @astrojs/node with mode: 'standalone'");
});

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

test('fails on an entry below a file', () => {
  expectRefused(SERVER, 'build', { entry: 'server.js/index.js' }, 'has no file server.js/index.js');
});

test('fails on a folder that does not exist', () => {
  expectRefused({}, 'build', { entry: 'index.js' }, 'build does not exist; run the build of the framework first');
  expectRefused(SERVER, 'package.json/build', { entry: 'index.js' }, 'build does not exist; run the build of the framework first');
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

/** What each framework leaves when it does not leave a Node server, and the setting that the error names. */
const FRAMEWORKS = [
  {
    framework: 'Nuxt',
    dependency: { dependencies: { nuxt: '4' } },
    folder: '.output',
    options: { entry: 'server/index.mjs' },
    fix: "run: npx nuxt build, with nitro: { preset: 'node-server' } in nuxt.config.ts",
    outputs: {
      'no build, or one for development': [{ '.nuxt/dev/index.mjs': '' }, '.output does not exist; '],
      'a static site': [{ '.output/nitro.json': { preset: 'static' }, '.output/public/index.html': '' }, 'was built with the preset "static", which makes static files and no server; '],
      'a build for another platform': [{ '.vercel/output/config.json': {} }, '.output does not exist, because the build is for Vercel (.vercel/output); '],
    },
  },
  {
    framework: 'SvelteKit',
    dependency: { devDependencies: { '@sveltejs/kit': '2' } },
    folder: 'build',
    options: { entry: 'index.js' },
    fix: 'set @sveltejs/adapter-node as the adapter in svelte.config.js or vite.config, and run: npx vite build',
    outputs: {
      'no build, or one for development': [{ '.svelte-kit/generated/root.js': '' }, 'build does not exist; '],
      'no adapter': [{ '.svelte-kit/output/server/index.js': '' }, 'build does not exist, because no adapter wrote it (.svelte-kit/output); '],
      'a static site': [{ 'build/index.html': '' }, 'has no file index.js: it holds static files only (index.html); '],
      'a build for another platform': [{ '.netlify/functions/sveltekit-render.js': '' }, 'because the build is for Netlify (.netlify); '],
      'a build for the edge': [{ '.svelte-kit/output/server/index.js': '', '.svelte-kit/cloudflare/_worker.js': '' }, 'because the build is for Cloudflare (.svelte-kit/cloudflare); '],
    },
  },
  {
    framework: 'Astro',
    dependency: { dependencies: { astro: '5' } },
    folder: 'dist',
    options: { entry: 'server/entry.mjs' },
    fix: "set output: 'server' and adapter: node({ mode: 'standalone' }) of @astrojs/node in astro.config.mjs, and run: npx astro build",
    outputs: {
      'no build, or one for development': [{ '.astro/types.d.ts': '' }, 'dist does not exist; '],
      'a static site': [{ 'dist/index.html': '' }, 'has no file server/entry.mjs: it holds static files only (index.html); '],
      'a build for another platform': [{ '.vercel/output/config.json': {} }, 'because the build is for Vercel (.vercel/output); '],
      'a build for the edge': [{ 'dist/_worker.js/index.js': '', 'dist/server/entry.mjs': '' }, 'holds a build for Cloudflare (_worker.js), not a Node server; '],
    },
  },
  {
    framework: 'React Router',
    dependency: { devDependencies: { '@react-router/dev': '7' } },
    folder: 'deploy',
    options: { entry: 'node_modules/@react-router/serve/bin.js', args: ['build/server/index.js'] },
    fix: 'set ssr: true in react-router.config, run: npx react-router build, and put the build into a folder with the packages of the server',
    outputs: {
      'no build': [{ '.react-router/types/routes.ts': '' }, 'deploy does not exist; '],
      'a folder without the build': [{ 'deploy/node_modules/@react-router/serve/bin.js': '' }, 'has no build/server/index.js, which args name; '],
      'a static site': [{ 'deploy/node_modules/@react-router/serve/bin.js': '', 'deploy/build/client/index.html': '' },
        'has no build/server/index.js, which args name, because it was built with ssr: false, which makes static files and no server; '],
      'a build for the edge': [{ 'deploy/build/server/wrangler.json': {}, 'deploy/node_modules/@react-router/serve/bin.js': '' }, 'holds a build for Cloudflare (build/server/wrangler.json), not a Node server; '],
    },
  },
  {
    framework: 'TanStack Start',
    dependency: { dependencies: { '@tanstack/react-start': '1' } },
    folder: '.output',
    options: { entry: 'server/index.mjs' },
    fix: "add nitro({ preset: 'node-server' }) of nitro/vite to the plugins in vite.config, and run: npx vite build",
    outputs: {
      'no build, or one for development': [{ 'src/routeTree.gen.ts': '' }, '.output does not exist; '],
      'a build without Nitro': [{ 'dist/server/server.js': '' }, '.output does not exist, because the build has no server of its own, only a function that answers requests (dist/server/server.js); '],
      'a build for another platform': [{ '.vercel/output/config.json': {} }, 'because the build is for Vercel (.vercel/output); '],
      'a static site': [{ '.output/nitro.json': { preset: 'static' } }, 'was built with the preset "static", which makes static files and no server; '],
      'a build for the edge': [{ '.output/nitro.json': { preset: 'cloudflare-module' }, '.output/server/index.mjs': '' }, 'was built with the preset "cloudflare-module", which makes no Node server; '],
    },
  },
] as const;

describe.each(FRAMEWORKS)('$framework', ({ dependency, folder, options, fix, outputs }) => {
  test.each(Object.entries(outputs))('fails on %s', (_, [files, message]) => {
    expectRefused({ 'package.json': dependency, ...files }, folder, options as ServerAppOptions, message + fix);
  });
});

test('fails on static files of an unknown framework with the setting of each', () => {
  expectRefused({ 'out/index.html': '' }, 'out', { entry: 'server.js' }, 'SvelteKit: @sveltejs/adapter-node', "Astro: output: 'server'", 'React Router: ssr: true', 'TanStack Start: nitro');
});

import { cpSync, existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { Project, say } from '../project';

describe('the module format', () => {
  const app = say("typeof module === 'undefined' ? 'esm' : 'cjs'");

  test.each([
    ['app.ts', {}, 'cjs'],
    ['app.js', {}, 'cjs'],
    ['app.cts', { type: 'module' }, 'cjs'],
    ['app.cjs', { type: 'module' }, 'cjs'],
    ['app.ts', { type: 'module' }, 'mjs'],
    ['app.tsx', { type: 'module' }, 'mjs'],
    ['app.js', { type: 'module' }, 'mjs'],
    ['app.mts', {}, 'mjs'],
    ['app.mjs', {}, 'mjs'],
  ])('of %s in a package with %j is .%s', (file, packageJson, extension) => {
    const bundle = new Project({ 'package.json': packageJson, [file]: 'export default 1;' }).bundle(file);
    // Next to a CommonJS bundle is `app.mjs`, which Lambda loads and which waits until the app is ready.
    expect(readdirSync(bundle.directory).sort()).toEqual([...new Set([`app.${extension}`, `app.${extension}.map`, 'app.mjs', 'package.json'])].sort());
  });

  test('is ESM if the app uses top-level await', () => {
    const bundle = new Project({ 'package.json': {}, 'app.ts': `await Promise.resolve(); ${say('1')}` }).bundle('app.ts');
    expect(bundle.load('app.mjs')).toBe(1);
  });

  test('is the one of the user', () => {
    const bundle = new Project({ 'package.json': { type: 'module' }, 'app.js': app }).bundle('app.js', { format: 'cjs' });
    expect(bundle.load('app.cjs')).toBe('cjs');
  });

  test('code of a CommonJS app still runs in sloppy mode', () => {
    const bundle = new Project({ 'package.json': {}, 'app.js': `undeclared = 1; ${say('undeclared')}` }).bundle('app.js');
    expect(bundle.load('app.cjs')).toBe(1);
  });

  test('code with the directive still runs in strict mode', () => {
    const source = `// the app\n'use strict';\n${say('[(function () { return typeof this; })(), typeof __dirname]')}`;
    expect(new Project({ 'package.json': {}, 'app.js': source }).bundle('app.js').load('app.cjs')).toEqual(['undefined', 'string']);
  });

  test('an ESM app can use CommonJS packages that call require and use __filename', () => {
    const project = new Project({
      'package.json': { type: 'module' },
      'app.js': `import old from 'old'; import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url); const __dirname = 'mine';
        ${say("[old, typeof require('node:fs').readFileSync, __dirname]")}`,
      'node_modules/old/package.json': { name: 'old', main: 'index.js' },
      'node_modules/old/index.js': "const name = 'node:path'; module.exports = [typeof require(name).join, __filename.endsWith('app.mjs')];",
    });
    expect(project.bundle('app.js').load('app.mjs')).toEqual([['function', true], 'function', 'mine']);
  });

  test('a CommonJS app can use ESM packages that use import.meta.url', () => {
    const project = new Project({
      'package.json': {},
      'app.js': `const modern = require('modern'); ${say('modern.here')}`,
      'node_modules/modern/package.json': { name: 'modern', type: 'module', main: 'index.js' },
      'node_modules/modern/index.js': `import { createRequire } from 'node:module'; import { fileURLToPath } from 'node:url';
        export const here = [fileURLToPath(import.meta.url).endsWith('app.cjs'), typeof createRequire(import.meta.url)];`,
    });
    expect(project.bundle('app.js').load('app.cjs')).toEqual([true, 'function']);
  });
});

test('fails for a syntax error in the app, with the construct, the file and the line', () => {
  const project = new Project({ 'package.json': {}, 'src/app.ts': 'export const a = 1;\nconst b = ;\n' });
  expect(() => project.bundle('src/app.ts')).toThrow(new RegExp(
    `Stack/Web: cannot bundle ${project.path('src/app.ts')}:[^]*Unexpected ";"[^]*src/app\\.ts:2:10:[^]*const b = ;`));
});

test('fails for native code, with the option that installs the package', () => {
  const project = new Project({
    'package.json': {},
    'src/app.js': "require('@fast/hash');",
    'node_modules/@fast/hash/index.js': "module.exports = require('./build/hash.node');",
    'node_modules/@fast/hash/build/hash.node': '',
  });
  expect(() => project.bundle('src/app.js')).toThrow(
    /Stack\/Web: cannot bundle [^]*native code cannot be bundled: add "@fast\/hash" to nodeModules, which installs it for Lambda/);
});

test('after a failure the next synthesis bundles again', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': 'const b = ;' });
  expect(() => project.bundle('app.ts')).toThrow('cannot bundle');
  project.write('app.ts', say('1'));
  expect(existsSync(project.bundle('app.ts').directory)).toBe(true);
});

describe('import()', () => {
  const PACKAGES = {
    'node_modules/modern/package.json': { name: 'modern', type: 'module', main: 'index.js' },
    'node_modules/modern/index.js': 'export const a = 1; export default 2;',
    'node_modules/old/index.js': 'exports.a = 1;',
  };
  const APP = `export const app = 1;
    Promise.all([import('modern'), import('old'), import('./own.js')]).then(all => { ${say('all.map(each => [Object.prototype.toString.call(each), Object.keys(each)])')} });`;
  const EXPECTED = [['[object Module]', ['a', 'default']], ['[object Module]', ['a', 'default']], ['[object Module]', ['b']]];

  test.each([['app.js', 'app.cjs', false], ['app.js', 'app.cjs', true], ['app.mjs', 'app.mjs', false], ['app.mjs', 'app.mjs', true]])(
    'of a bundled module is a module namespace, as Vue checks it: %s as %s, minified: %s', (entry, file, minify) => {
      const project = new Project({ 'package.json': {}, [entry]: APP, 'own.js': 'export const b = 1;', ...PACKAGES });
      const namespaces = project.bundle(entry, { minify }).load(file) as [string, string[]][];
      expect(namespaces.map(([tag, names]) => [tag, names.sort()])).toEqual(EXPECTED);
    });

  test.each([false, true])('does not move the columns of the source map, minified: %s', minify => {
    const project = new Project({
      'package.json': {},
      'app.ts': `${APP}\nfunction fails(): never { throw new Error('here'); }\ntry { fails(); } catch (error) { ${say('(error as Error).stack')} }`,
      'own.js': 'export const b = 1;',
      ...PACKAGES,
    });
    expect(project.bundle('app.ts', { minify }).load('app.cjs')).toMatch(/app\.ts:3:33\)?\n.*app\.ts:4:7/);
  });
});

describe('a package that is not bundled', () => {
  const LISTENER = {
    'node_modules/listener/package.json': { name: 'listener', version: '1.0.0', type: 'module', exports: './index.js' },
    'node_modules/listener/index.js': "import { createServer } from 'node:http'; createServer((req, res) => res.end('caught')).listen(0);",
  };

  test.each([['app.mjs', 'app.mjs'], ['app.js', 'app.cjs']])('is loaded after the runtime, which catches its listen(): %s', (entry, file) => {
    const project = new Project({ 'package.json': {}, [entry]: "import 'listener'; import { getLambdaEvent } from 'cdk-wrapped-web-app/lambda-runtime/node'; void getLambdaEvent;", ...LISTENER });
    const bundle = project.bundle(entry, { externalModules: ['listener'] });
    cpSync(project.path('node_modules'), path.join(bundle.directory, 'node_modules'), { recursive: true });
    expect(bundle.get(file, '/').body).toBe('caught');
  });

  test('the runtime stays in the bundle where it need not be loaded first', () => {
    const bundle = new Project({ 'package.json': {}, 'app.mjs': "import 'node:fs'; import 'path'; export default (req, res) => res.end();" }).bundle('app.mjs');
    expect(readdirSync(bundle.directory).sort()).toEqual(['app.mjs', 'app.mjs.map', 'package.json']);
  });
});

test('metafile writes what esbuild knows about the bundle beside it', () => {
  const bundle = new Project({ 'package.json': {}, 'src/app.ts': 'export default 1;' }).bundle('src/app.ts', { metafile: true });
  expect(Object.keys(JSON.parse(bundle.read('src/app.meta.json')).inputs)).toContain('src/app.ts');
});

test('assetHash decides alone whether the function changes', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '' });
  const hashes = ['1', '1', '2'].map((hash, build) => project.bundle('app.ts', { assetHash: hash, define: { BUILD: String(build) } }).hash);
  expect([hashes[0] === hashes[1], hashes[1] === hashes[2]]).toEqual([true, false]);
});

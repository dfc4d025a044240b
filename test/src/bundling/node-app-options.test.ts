/** @slow installs packages from npm */
import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bundle, Project, say } from './project';
import { AppSource, NodeAppOptions, WrappedWebApp } from '../../../src';

function bundle(source: string, options: NodeAppOptions = {}, files: { [file: string]: string | object } = {}): Bundle {
  return new Project({ 'package.json': {}, 'app.ts': source, ...files }).bundle('app.ts', options);
}

test('minify makes the code smaller, keepNames keeps its names', () => {
  const source = `function anInnocentName() {}\n${say('anInnocentName.name')}`;
  const [plain, minified, named] = [{}, { minify: true }, { minify: true, keepNames: true }].map(options => bundle(source, options));
  expect(minified.read('app.cjs').length).toBeLessThan(plain.read('app.cjs').length * 0.9);
  expect([plain, minified, named].map(each => each.load('app.cjs') === 'anInnocentName')).toEqual([true, false, true]);
});

test('sourceMap can be left out', () => {
  expect(readdirSync(bundle('', { sourceMap: false }).directory)).toEqual(['app.cjs', 'app.mjs']);
});

test('sourcesContent puts the sources into the source map', () => {
  const contents = (options: NodeAppOptions) => {
    const { sources, sourcesContent } = JSON.parse(bundle('export default 42;', options).read('app.cjs.map'));
    return sourcesContent?.[sources.indexOf('app.ts')];
  };
  expect(contents({})).toBeUndefined();
  expect(contents({ sourcesContent: true })).toBe('export default 42;');
});

test('target is the Node version of the function unless the user chose one', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': 'export class A { static { globalThis.x ??= 1; } }' });
  const old = project.bundle('app.ts', { target: 'node14' }).read('app.cjs');
  expect(old).not.toMatch(/static \{|\?\?= 1/);
  const current = project.bundle('app.ts', {}, { runtime: lambda.Runtime.NODEJS_22_X }).read('app.cjs');
  expect(current).toMatch(/static \{/);
});

test('externalModules are left for the run time', () => {
  const app = bundle("import * as s3 from '@aws-sdk/client-s3'; export default s3;", { externalModules: ['@aws-sdk/*'] });
  expect(app.read('app.cjs')).toContain('require("@aws-sdk/client-s3")');
});

test('define replaces constants', () => {
  expect(bundle(`declare const VERSION: string; ${say('VERSION')}`, { define: { VERSION: '"1.0"' } }).load('app.cjs')).toBe('1.0');
});

test('loader says what other files become', () => {
  const files = { 'query.sql': 'SELECT 1', 'logo.svg': '<svg/>' };
  const app = bundle(`import sql from './query.sql'; import logo from './logo.svg'; ${say('[sql, logo]')}`, { loader: { '.sql': 'text', '.svg': 'file' } }, files);
  const [sql, logo] = app.load('app.cjs');
  expect(sql).toBe('SELECT 1');
  expect(app.read(logo)).toBe('<svg/>');
});

test('banner and footer surround the code', () => {
  const text = bundle(say('globalThis.first'), { banner: 'globalThis.first = 1;', footer: '// the end' });
  expect(text.load('app.cjs')).toBe(1);
  expect(text.read('app.cjs')).toMatch(/\/\/ the end\n\/\/# sourceMappingURL=app.cjs.map\n$/);
});

test('tsconfig counts for every file', () => {
  const project = new Project({
    'package.json': {},
    'app.ts': `import { x } from '@lib/x'; ${say('x')}`,
    'library/x.ts': 'export const x = 1;',
    'tsconfig.build.json': { compilerOptions: { paths: { '@lib/*': ['./library/*'] } } },
  });
  expect(project.bundle('app.ts', { tsconfig: project.path('tsconfig.build.json') }).load('app.cjs')).toBe(1);
});

test('mainFields and conditions choose the entry of a package', () => {
  const files = {
    'node_modules/two/package.json': { name: 'two', main: 'main.js', module: 'module.js' },
    'node_modules/two/main.js': "exports.two = 'main';",
    'node_modules/two/module.js': "export const two = 'module';",
    'node_modules/three/package.json': { name: 'three', exports: { special: './special.js', default: './index.js' } },
    'node_modules/three/special.js': "exports.three = 'special';",
    'node_modules/three/index.js': "exports.three = 'default';",
  };
  const source = `import { two } from 'two'; import { three } from 'three'; ${say('[two, three]')}`;
  expect(bundle(source, {}, files).load('app.cjs')).toEqual(['main', 'default']);
  expect(bundle(source, { mainFields: ['module', 'main'], conditions: ['special'] }, files).load('app.cjs')).toEqual(['module', 'special']);
});

test('inject provides globals', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': `declare const answer: number; ${say('answer')}`, 'shim.js': 'export const answer = 42;' });
  expect(project.bundle('app.ts', { inject: [project.path('shim.js')] }).load('app.cjs')).toBe(42);
});

test('charset decides how other letters are written', () => {
  expect(bundle("export default 'ä';").read('app.cjs')).toContain('ä');
  expect(bundle("export default 'ä';", { charset: 'ascii' }).read('app.cjs')).toContain('\\xE4');
});

test('esbuildArgs pass on the flags of esbuild, beside what is set already', () => {
  const source = `console.log('noise'); declare const A: number, B: number; ${say('[A, B]')}`;
  const app = bundle(source, {
    define: { A: '1' },
    externalModules: ['a-module'],
    esbuildArgs: { '--drop:console': true, '--define:B': '2', '--external:another': true, '--log-limit': '0', '--ignore-annotations': '' },
  });
  expect(app.load('app.cjs')).toEqual([1, 2]);
});

test('nodeModules are installed in the version of the project, for Linux', () => {
  const version = '2.1.3';
  const project = new Project({
    'package.json': {},
    'src/app.ts': `import ms from 'ms'; ${say("[ms('1s'), require.resolve('ms'), require('ms/package.json').version]")}`,
    'node_modules/ms/package.json': { name: 'ms', version, exports: {} },
  });
  const app = project.bundle('src/app.ts', { nodeModules: ['ms'] });
  expect(app.load('src/app.cjs')).toEqual([1000, path.join(app.directory, 'node_modules/ms/index.js'), version]);
  expect(JSON.parse(app.read('package.json')).dependencies).toEqual({ ms: version });
  expect(existsSync(path.join(app.directory, 'node_modules/.package-lock.json'))).toBe(false);
  // No time, cache or path of this machine is in it: the next installation is the same asset.
  expect(project.bundle('src/app.ts', { nodeModules: ['ms'] }).hash).toBe(app.hash);
});

test('nodeModules leave the package.json and the .npmrc of the app as they are', () => {
  const project = new Project({
    'package.json': { name: 'app' },
    '.npmrc': 'fund=false\n',
    'app.ts': '',
    'node_modules/ms/package.json': { name: 'ms', version: '2.1.3' },
  });
  const app = project.bundle('app.ts', { nodeModules: ['ms'], assets: ['package.json'] });
  expect(app.read('package.json')).toBe('{"name":"app"}');
  expect(readdirSync(app.directory).sort()).toEqual(['app.cjs', 'app.cjs.map', 'app.mjs', 'node_modules', 'package.json']);
});

test('fails when nodeModules cannot be installed, with what npm says', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '', 'node_modules/ms/package.json': { name: 'ms', version: '0.0.0-none' } });
  expect(() => project.bundle('app.ts', { nodeModules: ['ms'] })).toThrow(/Stack\/Web: cannot install nodeModules ms: npm install [^]*failed: [^]*ms@0\.0\.0-none/);
});

test.each<[string, object]>([
  ['has a package for each platform', { optionalDependencies: { '@img/sharp-linux-x64': '1' } }],
  ['is compiled when it is installed', { gypfile: true }],
  ['finds its native code with another package', { dependencies: { 'node-gyp-build': '1' } }],
])('warns of a bundled package that %s, and not of others', (_, packageJson) => {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const files = {
    'node_modules/fast/package.json': { name: 'fast', ...packageJson },
    'node_modules/fast/index.js': '',
    'node_modules/plain/package.json': { name: 'plain', optionalDependencies: { fast: '1' } },
    'node_modules/plain/index.js': "require('fast');",
  };
  bundle("import 'plain';", {}, files);
  const warnings = stderr.mock.calls.map(([text]) => String(text)).join('').match(/\S+ has native code.*/g);
  stderr.mockRestore();
  expect(warnings).toEqual([expect.stringContaining('fast has native code, which is not in the bundle; add "fast" to nodeModules, which installs it for Lambda')]);
});

test('fails for nodeModules that are not installed', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '' });
  expect(() => project.bundle('app.ts', { nodeModules: ['sharp'] })).toThrow(
    `Stack/Web: nodeModules names "sharp", which is not installed where ${project.path('app.ts')} could import it; run: npm install sharp`);
});

test('nothing is built where the CDK skips bundling', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': 'a syntax error' });
  const app = new cdk.App({ context: { 'aws:cdk:bundling-stacks': ['Other'] } });
  const stack = new cdk.Stack(app, 'Stack');
  new WrappedWebApp(stack, 'Web', { entry: AppSource.node(project.path('app.ts')) });
  const { directory } = app.synth();
  expect(readdirSync(directory).filter(name => name.startsWith('asset') || name.startsWith('bundling'))).toEqual([]);
});

import { readdirSync } from 'node:fs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodeAppOptions } from '../../../../src';
import { Bundle, Project, say } from '../project';

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
  expect(readdirSync(bundle('', { sourceMap: false }).directory)).toEqual(['app.cjs', 'app.mjs', 'package.json']);
});

test('sourcesContent puts the sources into the source map', () => {
  const contents = (options: NodeAppOptions) => {
    const { sources, sourcesContent } = JSON.parse(bundle('export default 42;', options).read('app.cjs.map'));
    return sourcesContent?.[sources.indexOf('app.ts')];
  };
  expect(contents({})).toBeUndefined();
  expect(contents({ sourcesContent: true })).toBe('export default 42;');
});

test('target is the Node version of the function, or the one of the user', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': 'export class A { static { globalThis.x ??= 1; } }' });
  const old = project.bundle('app.ts', { target: 'node14' }).read('app.cjs');
  expect(old).not.toMatch(/static \{|\?\?= 1/);
  const current = project.bundle('app.ts', {}, { runtime: lambda.Runtime.NODEJS_22_X }).read('app.cjs');
  expect(current).toMatch(/static \{/);
});

test('externalModules are not bundled', () => {
  const app = bundle("import * as s3 from '@aws-sdk/client-s3'; export default s3;", { externalModules: ['@aws-sdk/*'] });
  expect(app.read('app.cjs')).toContain('require("@aws-sdk/client-s3")');
});

test('define replaces constants', () => {
  expect(bundle(`declare const VERSION: string; ${say('VERSION')}`, { define: { VERSION: '"1.0"' } }).load('app.cjs')).toBe('1.0');
});

test('loader decides how other files are loaded', () => {
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

test('tsconfig is used for every file', () => {
  const project = new Project({
    'package.json': {},
    'app.ts': `import { x } from '@lib/x'; ${say('x')}`,
    'library/x.ts': 'export const x = 1;',
    'tsconfig.build.json': { compilerOptions: { paths: { '@lib/*': ['./library/*'] } } },
  });
  expect(project.bundle('app.ts', { tsconfig: project.path('tsconfig.build.json') }).load('app.cjs')).toBe(1);
});

test('require gets from a package what it gets on plain Node, also where the package has an ES module for bundlers', () => {
  const files = {
    'node_modules/emitter/package.json': { name: 'emitter', exports: { module: './emitter.mjs', import: './emitter.mjs', require: './emitter.js' } },
    'node_modules/emitter/emitter.mjs': 'export default function emitter() {}',
    'node_modules/emitter/emitter.js': 'module.exports = function emitter() {};',
  };
  const project = new Project({ 'package.json': {}, 'app.js': say("typeof require('emitter')"), 'app.mjs': `import emitter from 'emitter'; ${say('typeof emitter')}`, ...files });
  expect(project.bundle('app.js').load('app.cjs')).toBe('function');
  expect(project.bundle('app.mjs').load('app.mjs')).toBe('function');
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

test('charset decides how non-ASCII letters are written', () => {
  expect(bundle("export default 'ä';", { charset: 'utf8' }).read('app.cjs')).toContain('ä');
  expect(bundle("export default 'ä';", { charset: 'ascii' }).read('app.cjs')).toContain('\\xE4');
});

test('without it a few of them are escaped, so that V8 keeps the bundle with one byte for each character, and many are not', () => {
  const few = bundle(`import http from 'node:http';\n${say("['ä', /–/.source, `€${1}`, String.raw`…`]")}`);
  expect(few.read('app.cjs')).not.toContain('€');
  expect(few.load('app.cjs')).toEqual(['ä', '–', '€1', '…']);
  const many = '文'.repeat(10_000);
  expect(bundle(say(`'${many}'.length`)).read('app.cjs')).toContain(many);
  expect(bundle(say(`'${many}'.length`), { esbuildArgs: { '--charset': 'ascii' } }).read('app.cjs')).not.toContain('文');
});

describe('commandHooks', () => {
  const hooks = (beforeBundling: string[], afterBundling: string[] = []) => ({
    beforeBundling: () => beforeBundling,
    afterBundling: () => afterBundling,
  });

  test('build assets before they are copied, and change the bundle before it is hashed', () => {
    const project = new Project({ 'package.json': {}, 'app.ts': '' });
    const commandHooks = {
      beforeBundling: () => ['mkdir -p css', 'echo built > css/site.css'],
      afterBundling: (_: string, output: string) => [`rm ${output}/app.cjs.map`],
    };
    const app = project.bundle('app.ts', { assets: ['css'], commandHooks });
    expect(app.read('css/site.css')).toBe('built\n');
    expect(readdirSync(app.directory).sort()).toEqual(['app.cjs', 'app.mjs', 'css', 'package.json']);
  });

  test('fail if they do not make the asset', () => {
    expect(() => bundle('', { assets: ['css'], commandHooks: hooks(['true']) })).toThrow('Stack/Web: asset "css" does not exist');
  });

  test('of two apps with one entry are all run', () => {
    const project = new Project({ 'package.json': {}, 'app.ts': '', 'a.txt': '' });
    const [one, two] = project.bundles(['1', '2'].map(text => ({ entry: 'app.ts', options: { assets: ['a.txt'], commandHooks: hooks([`echo ${text} > a.txt`]) } })));
    expect([one.read('a.txt'), two.read('a.txt')]).toEqual(['1\n', '2\n']);
  });
});

import { Project, say } from '../../project';

const FILES = {
  'package.json': { name: 'shop', version: '4.5.6', type: 'module' },
  'data/x.json': { of: 'a file' },
  'src/old.cjs': "module.exports = 'CommonJS';",
  'node_modules/ms/package.json': { name: 'ms' },
  'node_modules/ms/index.js': "module.exports = text => text + ' by ms';",
};

function answer(code: string, files: { [file: string]: string | object } = {}): unknown {
  return new Project({ ...FILES, 'src/app.js': code, ...files }).bundle('src/app.js').load('src/app.mjs');
}

const MADE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

test.each([
  ["require('../package.json').version", '4.5.6'],
  ["require('../data/x.json').of", 'a file'],
  ["require('./old.cjs')", 'CommonJS'],
  ['require("ms")("1s")', '1s by ms'],
  ["require('node:path').posix.join('a', 'b')", 'a/b'],
  ["require( 'path' ).posix.join('a', 'b')", 'a/b'],
])('what an ES module requires is in the bundle: %s', (call, expected) => {
  expect(answer(`${MADE} ${say(call)}`)).toBe(expected);
});

test.each([
  "import module from 'node:module'; const require = module.createRequire(import.meta.url);",
  "import { createRequire } from 'module'; let require = createRequire( import.meta.filename )",
  "import { createRequire } from 'module'; const fromHere = createRequire(__filename)",
  "import { createRequire as make } from 'module'; import * as createRequire from 'node:module'; var $from = createRequire.createRequire(import.meta.url)",
])('whatever made it: %s', made => {
  const name = /(?:const|let|var) (\S+)/.exec(made)![1];
  expect(answer(`${made}\n${say(`${name}('./old.cjs')`)}`)).toBe('CommonJS');
});

test('other uses of it are as before', () => {
  const code = `${MADE} /* require('ms') */ const text = "require('ms') and require" + \`, require(\${require.name}) in code\`;
    const by = { require: name => require(name), resolve: require.resolve, cache: require.cache }; const name = 'node:os';
    ${say("[text, by.require(name) === require('node:os'), by.require('./data.json').of, typeof by.resolve, typeof by.cache, typeof require]")}`;
  const bundle = new Project({ ...FILES, 'src/app.js': code, 'src/data.json': { of: 'an asset' } }).bundle('src/app.js', { assets: ['src/data.json'] });
  expect(bundle.load('src/app.mjs')).toEqual(["require('ms') and require, require(require) in code", true, 'an asset', 'function', 'object', 'function']);
});

test.each([
  ['{ require }', 'found.require'],
  ["{ require(name) { return name === 'path' && 'a method'; } }", "() => found.require('path')"],
])('a property of this name keeps it: %s', (object, expected) => {
  expect(answer(`${MADE} const found = ${object}; ${say(`typeof (${expected})`)}`)).toBe('function');
});

test('in a package that is an ES module, as those of NestJS', () => {
  const files = {
    'node_modules/nest/package.json': { name: 'nest', type: 'module', exports: './lib/index.js' },
    'node_modules/nest/lib/index.js': `${MADE} export const by = require("ms")("2s");`,
  };
  expect(answer(`import { by } from 'nest'; ${say('by')}`, files)).toBe('2s by ms');
});

test('in a package that rolldown has built, as those of OpenTelemetry', () => {
  const files = {
    'node_modules/otel/package.json': { name: 'otel', type: 'module', exports: './dist/index.mjs' },
    'node_modules/otel/dist/index.mjs': 'import { __require } from "./_virtual/_rolldown/runtime.mjs";\nconst ms = __require("ms");\nexport const by = ms("3s");',
    'node_modules/otel/dist/_virtual/_rolldown/runtime.mjs': `import { createRequire } from "node:module";
      var __require = /* #__PURE__ */ (() => createRequire(import.meta.url))();
      export { __require };`,
  };
  expect(answer(`import { by } from 'otel'; ${say('by')}`, files)).toBe('3s by ms');
});

test('native code is left to Node, as that of sharp', () => {
  const files = {
    'node_modules/image/package.json': { name: 'image', type: 'module', exports: './lib/index.js', optionalDependencies: { '@image/linux-x64': '1' } },
    'node_modules/image/lib/index.js': `${MADE} export let by; try { by = require("@image/linux-x64/image.node"); } catch (error) { by = error.code; }`,
    'node_modules/@image/linux-x64/package.json': { name: '@image/linux-x64', exports: { './image.node': './index.cjs' } },
    'node_modules/@image/linux-x64/index.cjs': "module.exports = require('./lib/image.node');",
    'node_modules/@image/linux-x64/lib/image.node': '',
  };
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(answer(`import { by } from 'image'; ${say('by')}`, files)).toBe('MODULE_NOT_FOUND');
  expect(stderr.mock.calls.join()).toContain('image has native code, which is not in the bundle; add "image" to nodeModules');
  stderr.mockRestore();
});

test('a package that such a package would use, and that is not there, can be missing', () => {
  const files = {
    'node_modules/nest/package.json': { name: 'nest', type: 'module', exports: './lib/index.js' },
    'node_modules/nest/lib/index.js': `${MADE} export let by; try { by = require("absent"); } catch (error) { by = error.code; }`,
  };
  expect(answer(`import { by } from 'nest'; ${say('by')}`, files)).toBe('MODULE_NOT_FOUND');
});

test('in TypeScript', () => {
  const project = new Project({ ...FILES, 'src/app.ts': `${MADE} const x: { of: string } = require('../data/x.json'); ${say('x.of')}` });
  expect(project.bundle('src/app.ts').load('src/app.mjs')).toBe('a file');
});

test('what is not there is an error', () => {
  expect(() => answer(`${MADE} require('./nowhere.json');`)).toThrow('Could not resolve "./nowhere.json"');
});

test('the package.json beside the bundle has name and version, for apps that read them', () => {
  const code = "import { readFileSync } from 'node:fs';";
  expect(answer(`${code} ${say("JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))")}`)).toEqual(FILES['package.json']);
});

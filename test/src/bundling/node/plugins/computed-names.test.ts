import { SourceMap } from 'node:module';
import { NodeAppOptions } from '../../../../../src';
import { Project, say } from '../../project';

const TYPES = [['commonjs', 'app.cjs'], ['module', 'app.mjs']] as const;

/** What the app writes. Its code is that of a CommonJS module. */
function answer(
  code: string, files: { [file: string]: string | object }, options: NodeAppOptions = {}, [type, bundle]: readonly [string, string] = TYPES[0],
): unknown {
  const app: typeof files = type === 'commonjs' ? { 'app.js': code } : { 'app.js': "import './main.cjs';", 'main.cjs': code };
  return new Project({ 'package.json': { type }, ...app, ...files }).bundle('app.js', options).load(bundle);
}

describe('the name of a file without its extension, as Node takes it', () => {
  const files = {
    'env/test.json': { name: 'of test' },
    'env/local.ts': "export const name: string = 'of local';",
    'env/shop/index.json': { name: 'of a folder' },
    'env/shop.v2/index.json': { name: 'with a dot' },
  };

  test.each([
    ['test', { name: 'of test' }],
    ['local', { name: 'of local' }],
    ['shop', { name: 'of a folder' }],
    ['shop/', { name: 'of a folder' }],
    ['shop.v2', { name: 'with a dot' }],
    ['test.json', { name: 'of test' }],
  ])('%s', (name, expected) => {
    for (const type of TYPES) {
      for (const minify of [false, true]) {
        expect(answer(`const load = name => require('./env/' + name); ${say(`load(${JSON.stringify(name)})`)}`, files, { minify }, type)).toEqual(expected);
      }
    }
  });

  test('as the first of several files that it may be', () => {
    expect(answer('const load = name => require(`./env/${name}`); ' + say("load('a')"), { 'env/a.js': 'module.exports = 1;', 'env/a.json': '2' })).toBe(1);
  });

  test('an import()', () => {
    expect(answer(`const load = name => import('./env/' + name); load('test').then(found => { ${say('found.default.name')} });`, files)).toBe('of test');
  });

  test('a name that no file has', () => {
    expect(answer(`const load = name => require('./env/' + name); try { load('nowhere'); } catch (error) { ${say('error.message')} }`, files)).toContain('./env/nowhere');
  });

  test('a minified bundle has the right columns in its source map', () => {
    const code = 'const load = name => require(\'./env/\' + name);\nload(\'test\');\nexports.marked = () => { throw new Error(\'marked\'); };';
    const bundle = new Project({ 'package.json': {}, 'app.js': code, ...files }).bundle('app.js', { minify: true });
    const output = bundle.read('app.cjs');
    const before = output.slice(0, output.indexOf('new Error("marked")')).split('\n');
    const entry = new SourceMap(JSON.parse(bundle.read('app.cjs.map'))).findEntry(before.length - 1, before[before.length - 1].length);
    expect(entry).toMatchObject({ originalLine: 2, originalColumn: code.split('\n')[2].indexOf('new Error') });
  });
});

test('files beside the code that are no code are no error: Node loads them only if they are named', () => {
  const files = { 'models/user.js': "module.exports = 'user';", 'models/README.md': '# Models', 'models/LICENSE': 'The MIT License', 'models/.gitkeep': '', 'models/create.sql': '' };
  expect(answer(`const load = name => require('./models/' + name); ${say("load('user')")}`, files)).toBe('user');
  expect(answer(`const load = name => require('./models/' + name); try { load('README.md'); } catch (error) { ${say('`${error}`')} }`, files)).toBe('SyntaxError: README.md is no JavaScript');
});

describe('a package whose folder of native code is not there, as dtrace-provider, which bunyan, ldapjs and restify use', () => {
  const provider = (code: string) => ({ 'node_modules/provider/package.json': { name: 'provider', main: 'lib/index.js' }, 'node_modules/provider/lib/index.js': code });
  const LOADS = "exports.load = type => { try { return /* naïve */ require('./build/' + type + '/binding') || require(`./build/${type}/other`); } catch (error) { return error.code; } };";

  test.each(TYPES)('gets the error of Node: %s', (...type) => {
    expect(answer(say("require('provider').load('Release')"), provider(LOADS), {}, type)).toBe('MODULE_NOT_FOUND');
  });

  test('its import() rejects', () => {
    const files = provider('export const load = name => import(`./plugins/${name}.js`);');
    expect(answer(`require('provider').load('x').catch(error => { ${say('error.code')} });`, files)).toBe('ERR_MODULE_NOT_FOUND');
  });

  test('other errors are told', () => {
    const project = new Project({ 'package.json': {}, 'app.js': "require('provider'); require('forgotten');", ...provider(LOADS) });
    expect(() => project.bundle('app.js')).toThrow(/^(?![^]*\*\*)[^]*Could not resolve "forgotten"; run: npm install forgotten/);
  });

  test('in the code of the app it is an error', () => {
    const project = new Project({ 'package.json': {}, 'app.js': "exports.load = name => require('./plugins/' + name);" });
    expect(() => project.bundle('app.js')).toThrow('Could not resolve require("./plugins/**/*")');
  });
});

import { NodeAppOptions } from '../../../../src';
import { Project } from '../project';

/** What is written while the app is bundled. */
function written(files: { [file: string]: string | object }, options: NodeAppOptions = {}): string {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    new Project({ 'package.json': {}, ...files }).bundle('app.js', options);
    return stderr.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    stderr.mockRestore();
  }
}

describe('what cannot be resolved', () => {
  const failure = (code: string, files = {}) => {
    try {
      new Project({ 'package.json': {}, 'app.js': code, ...files }).bundle('app.js');
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was bundled');
  };

  test.each([['express', 'express'], ['@nestjs/core/constants', '@nestjs/core'], ['lodash/get', 'lodash']])('a package that was never installed: %s', (specifier, name) => {
    const message = failure(`require('${specifier}');`);
    expect(message).toContain(`Could not resolve "${specifier}"; run: npm install ${name}`);
    expect(message).not.toContain('external');
  });

  test('an alias of a tsconfig.json', () => {
    expect(failure("require('@/lib/db');")).toContain('Could not resolve "@/lib/db", which is no name of a package; if it is a path of a tsconfig.json, set tsconfig to that file');
  });

  test('a file', () => {
    expect(failure("require('./db');")).toMatch(/Could not resolve "\.\/db"$/m);
  });

  const addOn = (code: string) => ({ 'node_modules/add-on/package.json': { name: 'add-on' }, 'node_modules/add-on/index.js': code });

  test('a file that is no code', () => {
    expect(failure("require('./page.html');", { 'page.html': '' })).toContain('No loader is configured for ".html" files: page.html; set the option loader for them, e.g. { ".html": "text" }');
    expect(failure("require('./native.node');", { 'native.node': '' })).toContain('; set the option loader for them, e.g. { ".node": "copy" }');
  });

  test('a file of a package that is no code', () => {
    const files = { ...addOn("require('./page.html');"), 'node_modules/add-on/page.html': '' };
    expect(failure("require('add-on');", files)).toContain(
      'No loader is configured for ".html" files: node_modules/add-on/page.html; add-on has other files than code: add "add-on" to nodeModules, which installs it for Lambda',
    );
  });

  test.each(["require('./native.node');", "module.exports = name => require('./' + name);"])('native code of a package: %s', code => {
    const files = { ...addOn(code), 'node_modules/add-on/native.node': '' };
    expect(failure("require('add-on');", files)).toContain('native code cannot be bundled: add "add-on" to nodeModules, which installs it for Lambda');
  });

  test('a package that loads the native code of others', () => {
    const files = { 'node_modules/bindings/index.js': "require('./default.node');", 'node_modules/bindings/default.node': '' };
    expect(failure("require('bindings');", files)).toContain(
      '; it loads the native code of a package that requires it: add that package to nodeModules, which installs it for Lambda',
    );
  });

  test('a file that a package hides', () => {
    const message = failure("require('tight/secret');", { 'node_modules/tight/package.json': { name: 'tight', exports: { '.': './index.js' } } });
    expect(message).toContain('The path "./secret" is not exported by package "tight"');
    expect(message).not.toMatch(/npm install|external/);
  });
});

test.each([
  ['require(name)', 'This call to "require" will not be bundled'],
  ['import(name)', 'This "import" expression will not be bundled'],
])('%s in the code of the app is named, with its line', (call, message) => {
  const text = written({ 'app.js': `const name = process.env.NAME;\nexports.load = () => ${call};` });
  expect(text).toContain(message);
  expect(text).toContain('what it loads is on Lambda only if assets, nodeModules or externalModules bring it there');
  expect(text).toContain('app.js:2:');
});

test('nothing is said about the code of packages', () => {
  const files = { 'node_modules/plugins/index.js': "module.exports = name => require(name);\nif (typeof x === 'undefind') require(process.env.X);" };
  expect(written({ 'app.js': "require('plugins');", ...files })).not.toMatch(/undefind|not be bundled/);
  const pure = { 'node_modules/pure/package.json': { name: 'pure', sideEffects: false }, 'node_modules/pure/index.js': '' };
  expect(written({ 'app.js': "import 'pure';", ...pure })).not.toContain('WARNING');
  // The same in the code of the app is said.
  expect(written({ 'app.js': "module.exports = typeof x === 'undefind';" })).toContain('undefind');
});

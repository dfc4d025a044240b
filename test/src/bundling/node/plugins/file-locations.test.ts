import * as path from 'node:path';
import { Project, say } from '../../project';

describe('the location of a file', () => {
  const location = '[__dirname, __filename]';
  const moduleLocation = '[import.meta.dirname, import.meta.filename, import.meta.url]';

  test('is its own path in CommonJS, although all files are in one bundle', () => {
    const project = new Project({
      'package.json': {},
      'src/app.js': `const deep = require('./web/routes/deep'); ${say(`[${location}, deep]`)}`,
      'src/web/routes/deep.js': `module.exports = ${location};`,
    });
    const bundle = project.bundle('src/app.js');
    const at = (file: string) => [path.dirname(path.join(bundle.directory, file)), path.join(bundle.directory, file)];
    expect(bundle.load('src/app.cjs')).toEqual([at('src/app.js'), at('src/web/routes/deep.js')]);
  });

  test('is its own path in ESM', () => {
    const project = new Project({
      'package.json': { type: 'module' },
      'src/app.ts': `import { deep } from './routes/deep b#.js';\n${say(`[${moduleLocation}, deep]`)}`,
      'src/routes/deep b#.ts': `export const deep = ${moduleLocation};`,
    });
    const bundle = project.bundle('src/app.ts');
    const at = (file: string) => {
      const full = path.join(bundle.directory, file);
      return [path.dirname(full), full, `file://${full.replace(/ /g, '%20').replace(/#/g, '%23')}`];
    };
    expect(bundle.load('src/app.mjs')).toEqual([at('src/app.ts'), at('src/routes/deep b#.ts')]);
  });

  test('is its own path with __filename in ESM and with import.meta in CommonJS', () => {
    const files = (type?: string) => ({ 'package.json': { type }, 'src/app.ts': say('[__filename, import.meta.filename]') });
    const cjs = new Project(files()).bundle('src/app.ts');
    const esm = new Project(files('module')).bundle('src/app.ts');
    expect(cjs.load('src/app.cjs')).toEqual(Array(2).fill(path.join(cjs.directory, 'src/app.ts')));
    expect(esm.load('src/app.mjs')).toEqual(Array(2).fill(path.join(esm.directory, 'src/app.ts')));
  });

  test('leads to the assets in both formats, as the working directory does', () => {
    for (const [type, here] of [['commonjs', '__dirname'], ['module', 'import.meta.dirname']]) {
      const project = new Project({
        'package.json': { type },
        'src/server/app.ts': `import { readFileSync } from 'node:fs';
          ${say(`['public/a.txt', ${here} + '/../../public/a.txt', ${here} + '/views/b.txt'].map(file => readFileSync(file, 'utf8'))`)}`,
        'public/a.txt': 'a',
        'src/server/views/b.txt': 'b',
      });
      const bundle = project.bundle('src/server/app.ts', { assets: ['public', './src/server/views/'] });
      expect(bundle.load(type === 'module' ? 'src/server/app.mjs' : 'src/server/app.cjs')).toEqual(['a', 'a', 'b']);
    }
  });

  test('does not change the line numbers in a stack trace', () => {
    const source = "// one\n'use strict';\n\nfunction fail() {\n  return new Error(__dirname);\n}\n" + say("fail().stack.split('\\n').find(line => line.includes('app.js'))");
    expect(new Project({ 'package.json': {}, 'src/app.js': source }).bundle('src/app.js').load('src/app.cjs')).toMatch(/src\/app\.js:5:10\)$/);
  });
});

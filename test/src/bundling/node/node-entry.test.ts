import * as path from 'node:path';
import { Project, say } from '../project';

test('without a package.json the project root is the folder of the entry', () => {
  const bundle = new Project({ 'app.js': say('__filename') }).bundle('app.js');
  expect(bundle.handler).toBe('app.handler');
  expect(bundle.load('app.cjs')).toBe(path.join(bundle.directory, 'app.js'));
});

test.each(['app.ts', 'app.tsx', 'app.mts', 'app.cts', 'app.js', 'app.mjs', 'app.cjs'])('%s can be an entry', file => {
  expect(new Project({ 'package.json': {}, [file]: '' }).bundle(file).handler).toBe('app.handler');
});

test('fails if the file does not exist, with the path where it was searched', () => {
  const project = new Project({});
  expect(() => project.bundle('no/such/app.ts')).toThrow(
    `Stack/Web: entry ${project.path('no/such/app.ts')} does not exist; it is looked up from the working directory, as ${project.path('no/such/app.ts')}`);
});

test.each(['app.rb', 'app.ts:', 'app.ts:a.b', 'app.ts:1'])('fails for %s', entry => {
  const project = new Project({ 'app.ts': '' });
  expect(() => project.bundle(entry)).toThrow(
    `Stack/Web: entry must be a file that ends in .ts, .tsx, .mts, .cts, .js, .mjs or .cjs, optionally followed by :name to choose an export, got "${project.path(entry)}"`);
});

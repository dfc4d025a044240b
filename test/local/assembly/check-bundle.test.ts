import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { checkBundle } from '../../../local/assembly/check-bundle';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'bundle-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function check(files: Record<string, string>, handler: string, runtime: string): void {
  const folder = mkdtempSync(path.join(directory, 'asset-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  checkBundle('Stack/Web/Handler', { kind: 'folder', path: folder }, handler, runtime);
}

test.each<[string, Record<string, string>, string, string]>([
  ['a CommonJS bundle', { 'src/app.cjs': 'exports.handler = 1', 'src/app.mjs': '' }, 'src/app.handler', 'nodejs24.x'],
  ['an ES module', { 'app.mjs': 'export{a as handler}' }, 'app.handler', 'nodejs24.x'],
  ['a Python bundle', { 'entry.py': 'handler = serve_module("app")' }, 'entry.handler', 'python3.13'],
  ['a Python package', { 'web/__init__.py': 'def handler(): pass' }, 'web.handler', 'python3.13'],
])('%s is accepted', (_, files, handler, runtime) => {
  expect(() => check(files, handler, runtime)).not.toThrow();
});

test.each<[string, Record<string, string>, string, string, RegExp]>([
  ['a copy of the source folder', { 'app.ts': '' }, 'src/app.handler', 'nodejs24.x', /has none of the files of handler 'src\/app\.handler', which are src\/app\.js, src\/app\.mjs, src\/app\.cjs/],
  ['an entry at the root of the project', { 'app.js': 'module.exports = () => {}', 'package.json': '{}' }, 'app.handler', 'nodejs24.x', /app\.js has no export 'handler'/],
  ['Python sources', { 'app/main.py': '' }, 'entry.handler', 'python3.13', /has none of the files of handler 'entry\.handler', which are entry\.py/],
])('fails on an asset that was not bundled: %s', (_, files, handler, runtime, message) => {
  expect(() => check(files, handler, runtime)).toThrow(message);
  expect(() => check(files, handler, runtime)).toThrow(/^Stack\/Web\/Handler: .*it was not bundled; run 'cdk synth'/);
});

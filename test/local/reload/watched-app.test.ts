import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { WatchedApp } from '../../../local/reload/watched-app';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'watched-')));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function pythonApp(root: string): WatchedApp {
  const asset = path.join(directory, 'asset.1');
  mkdirSync(asset, { recursive: true });
  writeFileSync(`${asset}.bundling.json`, JSON.stringify({ kind: 'python', path: 'Stack/Web', root }));
  return WatchedApp.of(asset, ['Stack/Web'])!;
}

test.each([
  ['requirements.txt', true],
  ['requirements/production.txt', true],
  ['requirements-dev.in', true],
  ['pylock.toml', true],
  ['pylock.web.toml', true],
  ['uv.lock', true],
  ['Pipfile.lock', true],
  ['setup.cfg', true],
  ['notes/production.txt', false],
  ['shop/views.py', false],
])('packages are installed again after an edit of %s: %p', (file, installs) => {
  expect(pythonApp('/project').changesPackages(path.join('/project', file))).toBe(installs);
});

test('the lock file of a project belongs to the app whose root is the folder src in it', () => {
  const app = pythonApp('/project/src');
  expect(['/project/src/main.py', '/project/uv.lock', '/project/README.md', '/other/uv.lock'].map((file) => app.owns(file))).toEqual([true, true, false, false]);
});

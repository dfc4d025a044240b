import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { findProjectRoot } from '../../../local/assembly/project-root';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'roots-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(root: string, files: Record<string, string>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

const MAP = JSON.stringify({ sources: ['../../../node_modules/ms/index.js', 'cdk-wrapped-web-app:entry', 'app.ts', '../lib/db.ts'] });
const NODE = { 'src/app.cjs.map': MAP };
const PYTHON = { 'entry.py': 'from x import serve_module\n\nhandler = serve_module("app.main", None, "app/main.py")\n' };

test.each<[string, Record<string, string>, string | undefined, Record<string, string>, string]>([
  ['the folder of the CDK app', { 'src/app.ts': '', 'lib/db.ts': '' }, '.', NODE, 'src/app.handler'],
  ['a folder below it', { 'packages/web/src/app.ts': '', 'packages/web/lib/db.ts': '', 'packages/other/src/app.ts': '' }, 'packages/web', NODE, 'src/app.handler'],
  ['the folder of the CDK app, of a Python app', { 'app/main.py': '' }, '.', PYTHON, 'entry.handler'],
  ['not known if two folders fit', { 'a/app/main.py': '', 'b/app/main.py': '' }, undefined, PYTHON, 'entry.handler'],
  ['not known if no folder fits', { 'app.ts': '' }, undefined, NODE, 'src/app.handler'],
  ['not known without a source map', { 'src/app.ts': '' }, undefined, {}, 'src/app.handler'],
])('the project is %s', (_, project, found, asset, handler) => {
  // Two folders deep, since folders above the CDK app are searched too.
  const root = write(mkdtempSync(path.join(directory, 'project-')), {});
  const app = write(path.join(root, 'x/y/app'), project);
  const bundle = write(path.join(app, 'cdk.out/asset.1'), asset);
  expect(findProjectRoot(bundle, handler, path.join(app, 'cdk.out'))).toBe(found && path.join(app, found));
});

test('the project is beside a CDK app that has a folder of its own', () => {
  const root = write(mkdtempSync(path.join(directory, 'project-')), { 'deep/web/src/app.ts': '', 'deep/web/lib/db.ts': '', 'deep/infra/cdk.json': '{}' });
  const bundle = write(path.join(root, 'deep/infra/cdk.out/asset.1'), NODE);
  expect(findProjectRoot(bundle, 'src/app.handler', path.join(root, 'deep/infra/cdk.out'))).toBe(path.join(root, 'deep/web'));
});

test('the project is the one that the bundling has written beside the asset', () => {
  const root = write(mkdtempSync(path.join(directory, 'project-')), { 'cdk/cdk.out/asset.1/x': '', 'web/src/app.ts': '' });
  writeFileSync(path.join(root, 'cdk/cdk.out/asset.1.bundling.json'), JSON.stringify({ root: path.join(root, 'web') }));
  expect(findProjectRoot(path.join(root, 'cdk/cdk.out/asset.1'), 'src/app.handler', path.join(root, 'cdk/cdk.out'))).toBe(path.join(root, 'web'));
});

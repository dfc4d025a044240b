// Lets the examples import this package by its name, as users do, and the packages of their own workspaces, as npm would.
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = join(root, 'examples');

link(join(examples, 'node_modules/cdk-wrapped-web-app'), root);

for (const example of readdirSync(examples).map((name) => join(examples, name))) {
  for (const folder of workspacesOf(example)) {
    link(join(example, 'node_modules', packageOf(folder).name), folder);
  }
}

/** The folders of the workspaces of an example; a pattern such as `apps/*` means all folders in `apps`. */
function workspacesOf(example) {
  const { workspaces = [] } = packageOf(example) ?? {};
  return workspaces
    .flatMap((pattern) => (pattern.endsWith('/*') ? foldersIn(join(example, dirname(pattern))) : [join(example, pattern)]))
    .filter((folder) => packageOf(folder));
}

function foldersIn(folder) {
  return readdirSync(folder).map((name) => join(folder, name));
}

function packageOf(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** A link that is right stays, since tests in other processes may be following it. */
function link(path, target) {
  if (existsSync(path) && realpathSync(path) === realpathSync(target)) return;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(target, path, 'junction');
}

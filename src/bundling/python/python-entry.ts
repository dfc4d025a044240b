import { existsSync, realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { otherRequirements } from './refuse-unlocked';
import { isFile, isFolder } from '../file-kinds';

/** The entry of a Python app: a file, and optionally the name of the app in it: `app/main.py`, `app/main.py:application`. */
export const PYTHON_ENTRY = /^(.+\.py)(?::([\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*))?$/u;

/** A folder with one of these files is a project. */
const DEPENDENCY_FILES = [
  'requirements.txt', 'requirements.in', 'uv.lock', 'pylock.toml', 'pyproject.toml', 'poetry.lock', 'Pipfile', 'Pipfile.lock', 'pdm.lock', 'setup.py',
];

/** The entry file of a Python app, as Python imports it. */
export interface PythonEntry {
  /** The folder that imports start from. */
  readonly root: string;
  /** The path below the root, with slashes. It is written into the bundle, so it contains no path of this machine. */
  readonly relativeFile: string;
  /** The name of the module, with dots. */
  readonly module: string;
  /** The name of the app in the module, if the entry has one. */
  readonly attribute?: string;
  /** The folder with the dependency file, if there is one. */
  readonly project?: string;
}

/** Finds the file that `entry` names, relative to the working directory. */
export function findPythonEntry(scope: Construct, entry: string, givenRoot: string | undefined): PythonEntry {
  const match = PYTHON_ENTRY.exec(entry);
  if (!match) {
    throw new Error(`${scope.node.path}: entry must be a file that ends in .py, optionally followed by :name to choose the app in it, got ${JSON.stringify(entry)}`);
  }
  const [, text, attribute] = match;
  const named = path.resolve(text);
  if (isFolder(named)) {
    throw new Error(`${scope.node.path}: entry ${text} is a directory; give the file of the app in it`);
  }
  if (!isFile(named)) {
    throw new Error(`${scope.node.path}: entry ${text} does not exist; it is looked up from the working directory, as ${named}`);
  }
  const file = realpathSync(named);
  const project = findProject(path.dirname(file));
  const root = givenRoot === undefined ? findRoot(file, project) : checkRoot(scope, text, file, givenRoot);
  return {
    root,
    relativeFile: path.relative(root, file).split(path.sep).join('/'),
    module: moduleName(scope, text, root, file),
    attribute,
    project,
  };
}

/**
 * Finds the nearest folder with a dependency file that is not a package. It does not search above the working directory or the root of the
 * repository, and not in the home or temporary folder or the root of the disk: everything in the folder is uploaded.
 */
function findProject(directory: string): string | undefined {
  if ([path.parse(directory).root, homedir(), realpathSync(tmpdir())].includes(directory)) return undefined;
  if (!isPackage(directory) && isProject(directory)) return directory;
  const top = directory === realpathSync(process.cwd()) || existsSync(path.join(directory, '.git'));
  return top ? undefined : findProject(path.dirname(directory));
}

function isProject(directory: string): boolean {
  return DEPENDENCY_FILES.some(file => existsSync(path.join(directory, file))) || otherRequirements(directory).length > 0;
}

function findRoot(file: string, project: string | undefined): string {
  if (project === undefined) return firstNonPackage(path.dirname(file));
  // https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/
  const source = path.join(project, 'src');
  return file.startsWith(source + path.sep) && !isPackage(source) && path.dirname(file) !== source ? source : project;
}

function firstNonPackage(directory: string): string {
  return isPackage(directory) ? firstNonPackage(path.dirname(directory)) : directory;
}

function isPackage(directory: string): boolean {
  return existsSync(path.join(directory, '__init__.py'));
}

function checkRoot(scope: Construct, entry: string, file: string, given: string): string {
  const named = path.resolve(given);
  if (!isFolder(named)) {
    throw new Error(`${scope.node.path}: root ${JSON.stringify(given)} is not a folder; it is looked up from the working directory, as ${named}`);
  }
  const root = realpathSync(named);
  if (!file.startsWith(root + path.sep)) {
    throw new Error(`${scope.node.path}: entry ${entry} is not in root ${JSON.stringify(given)}; choose a folder above the entry`);
  }
  return root;
}

function moduleName(scope: Construct, entry: string, root: string, file: string): string {
  const names = path.relative(root, file).slice(0, -'.py'.length).split(path.sep);
  if (names.length > 1 && names[names.length - 1] === '__init__') names.pop();
  const wrong = names.find(name => !/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name));
  if (wrong !== undefined) {
    throw new Error(`${scope.node.path}: entry ${entry} cannot be imported from ${root}, because ${JSON.stringify(wrong)} is not a valid Python name; `
      + 'rename it, or set root to a folder below it with AppSource.python(entry, { root })');
  }
  return names.join('.');
}

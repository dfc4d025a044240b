import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { PythonAppOptions } from './python-app-options';
import { PythonTarget } from './python-target';
import { refuseUnlocked } from './refuse-unlocked';
import { warnOfUnpinned } from './requirements-file';
import { isFile } from '../file-kinds';

/** The kinds of files that dependencies are installed from, in the order in which they are looked for. */
export type LockKind = 'requirements.txt' | 'uv.lock' | 'pylock.toml' | 'poetry.lock' | 'Pipfile.lock';

const LOCKS: LockKind[] = ['requirements.txt', 'uv.lock', 'pylock.toml', 'poetry.lock', 'Pipfile.lock'];

/** The files that list the dependencies of the app. */
export interface PythonDependencies {
  readonly kind: LockKind;
  /** The folder that the tools run in. In a uv workspace it is the member, and the lock file is in a folder above it. */
  readonly directory: string;
  /** Absolute paths. Only requirements files can be several. */
  readonly files: string[];
  readonly groups: string[];
  readonly extras: string[];
  readonly onlyWheels: boolean;
}

/** Finds the dependencies of a project. Undefined if it has none. */
export function findDependencies(
  scope: Construct,
  directory: string | undefined,
  options: PythonAppOptions,
  target: PythonTarget,
): PythonDependencies | undefined {
  const { groups = [], extras = [], onlyWheels = false } = options;
  const found = options.requirements === undefined
    ? findLock(directory)
    : checkRequirements(scope, options.requirements, directory);
  if (found === undefined) {
    if (directory !== undefined) refuseUnlocked(scope, directory, target);
    refuseSelection(scope, 'nothing', groups, extras);
    return undefined;
  }
  if (found.kind === 'requirements.txt') {
    refuseSelection(scope, found.files.map(file => path.basename(file)).join(', '), groups, extras);
    warnOfUnpinned(scope, found.files, target);
  }
  if (found.kind === 'Pipfile.lock') refuseSelection(scope, 'Pipfile.lock', [], extras);
  return { ...found, groups, extras, onlyWheels };
}

interface FoundLock {
  readonly kind: LockKind;
  readonly directory: string;
  readonly files: string[];
}

function findLock(directory: string | undefined): FoundLock | undefined {
  if (directory === undefined) return undefined;
  const kind = LOCKS.find(file => existsSync(path.join(directory, file)));
  if (kind !== undefined) return { kind, directory, files: [path.join(directory, kind)] };
  // https://docs.astral.sh/uv/concepts/projects/workspaces/
  const workspace = existsSync(path.join(directory, 'pyproject.toml')) ? findWorkspaceLock(path.dirname(directory)) : undefined;
  return workspace === undefined ? undefined : { kind: 'uv.lock', directory, files: [workspace] };
}

/** The search ends at the root of the repository. */
function findWorkspaceLock(directory: string): string | undefined {
  if ([path.parse(directory).root, homedir()].includes(directory)) return undefined;
  const lock = path.join(directory, 'uv.lock');
  if (existsSync(lock)) return lock;
  return existsSync(path.join(directory, '.git')) ? undefined : findWorkspaceLock(path.dirname(directory));
}

function checkRequirements(scope: Construct, names: string[], project: string | undefined): FoundLock | undefined {
  const files = names.map(name => {
    const file = path.resolve(name);
    if (!isFile(file)) {
      throw new Error(`${scope.node.path}: requirements ${JSON.stringify(name)} is not a file; it is looked up from the working directory, as ${file}`);
    }
    return realpathSync(file);
  });
  if (files.length === 0) return undefined;
  const toml = files.filter(file => file.endsWith('.toml'));
  if (toml.length === 0) return { kind: 'requirements.txt', directory: project ?? path.dirname(files[0]), files };
  if (files.length > 1 || !/^pylock(?:\.[^.]+)?\.toml$/.test(path.basename(files[0]))) {
    throw new Error(`${scope.node.path}: requirements must be requirements files or one pylock.toml file, got ${JSON.stringify(names)}`);
  }
  return { kind: 'pylock.toml', directory: path.dirname(files[0]), files };
}

/** Throws for groups and extras that the file cannot have. */
function refuseSelection(scope: Construct, file: string, groups: string[], extras: string[]): void {
  for (const [name, values] of [['groups', groups], ['extras', extras]] as const) {
    if (values.length === 0) continue;
    throw new Error(`${scope.node.path}: ${name} ${JSON.stringify(values)} cannot be chosen, because the dependencies are read from ${file}, which has none; `
      + `drop ${name}, or lock the project with uv lock${file === 'nothing' ? '' : ' and remove that file'}`);
  }
}

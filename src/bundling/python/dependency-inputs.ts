import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { LockKind, PythonDependencies } from './python-dependencies';
import { bringsTheSame, readRequirements } from './requirements-file';

/** What the installed packages depend on. */
export interface DependencyInputs {
  /** The texts of all files that say what is installed, and from where, and what was chosen of them. */
  readonly facts: unknown;
  /** Whether the same facts always bring the same packages. */
  readonly pinned: boolean;
}

/** Where pip and uv read which index they use: https://pip.pypa.io/en/stable/topics/configuration/, https://docs.astral.sh/uv/concepts/configuration-files/ */
const SETTINGS = ['/etc/pip.conf', '/etc/uv/uv.toml', ...['.pip/pip.conf', '.config/pip/pip.conf', '.config/uv/uv.toml'].map(file => path.join(homedir(), file))];

/** How each kind of lock file names a folder or file of this machine, whose contents may change. The project itself is one that uv.lock names. */
const LOCAL: Record<Exclude<LockKind, 'requirements.txt'>, RegExp> = {
  'uv.lock': /^source = \{ (?:editable|directory|path) = "(?!\.")/m,
  'pylock.toml': /\bpath\s*=/,
  'poetry.lock': /^type\s*=\s*"(?:directory|file)"/m,
  'Pipfile.lock': /"(?:path|file)"\s*:/,
};

/**
 * Reads what the packages of an app depend on.
 *
 * @param project the folder with the dependency file. Its own metadata may be built from its files.
 */
export function dependencyInputs(project: string | undefined, dependencies: PythonDependencies | undefined): DependencyInputs {
  const own = project === undefined ? [] : ['pyproject.toml', 'uv.toml', 'setup.cfg', 'setup.py'].map(file => read(path.join(project, file)));
  const settings = Object.entries(process.env).filter(([name]) => /^(?:PIP|UV|POETRY)_/.test(name)).map(([name, value]) => `${name}=${value}`).sort();
  const { kind, files = [], groups, extras, onlyWheels } = dependencies ?? {};
  const { locked, same } = kind === 'requirements.txt' ? readPinned(files) : readLock(kind, files);
  return {
    facts: [kind, groups, extras, onlyWheels, locked, own, settings, SETTINGS.map(read)],
    pinned: hasStaticMetadata(own) && same,
  };
}

/** The files may include others. */
function readPinned(files: string[]): { locked: unknown; same: boolean } {
  const lines = readRequirements(files);
  return { locked: lines.map(({ text, constraint }) => [text, constraint]), same: bringsTheSame(lines) };
}

function readLock(kind: Exclude<LockKind, 'requirements.txt'> | undefined, files: string[]): { locked: unknown; same: boolean } {
  const locked = files.map(read);
  return { locked, same: kind === undefined || locked.every(text => !LOCAL[kind].test(text)) };
}

/** A version may come from git, and `setup.py` may read whatever it likes. */
function hasStaticMetadata([pyproject, , , setup]: string[]): boolean {
  return !setup && !/^dynamic\s*=/m.test(pyproject ?? '');
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { renderPipfileLock } from './pipfile-lock';
import { PythonDependencies } from './python-dependencies';
import { readRequirements, requiresHashes } from './requirements-file';
import { run } from './run-command';

/** Files that pip or uv installs from, with the options that belong to them. */
export interface InstallableLock {
  readonly files: string[];
  /** Options that uv and pip share. */
  readonly options: string[];
  /** Options that only uv has. */
  readonly uvOptions: string[];
}

/**
 * Turns the lock file of a project into one that can be installed, in a folder of its own. Hashes and indexes are kept: a package that
 * was changed after it was locked, or one of the same name from another index, is not installed.
 */
export function exportLock(constructPath: string, dependencies: PythonDependencies, folder: string): InstallableLock {
  const { kind, files, groups, extras } = dependencies;
  const selected = [...groups.flatMap(group => ['--group', group]), ...extras.flatMap(extra => ['--extra', extra])];
  switch (kind) {
    case 'requirements.txt':
      return { files, options: requiresHashes(readRequirements(files)) ? ['--require-hashes'] : [], uvOptions: [] };
    case 'uv.lock': {
      const file = path.join(folder, 'pylock.toml');
      const args = ['export', '--frozen', '--no-default-groups', '--no-editable', '--format', 'pylock.toml', '--quiet', '--output-file', file];
      exportWith(constructPath, dependencies, ['uv'], [...args, ...selected], 'install uv');
      writeFileSync(file, withoutRequiredPython(readFileSync(file, 'utf8')));
      return { files: [file], options: [], uvOptions: [] };
    }
    case 'pylock.toml':
      return { files: [forAnyPython(files[0], folder)], options: [], uvOptions: selected };
    case 'poetry.lock': {
      const file = path.join(folder, 'requirements.txt');
      const poetrySelected = [...groups.flatMap(group => ['--with', group]), ...extras.flatMap(extra => ['--extras', extra])];
      const text = exportWith(constructPath, dependencies, ['poetry'], ['export', '--format', 'requirements.txt', ...poetrySelected],
        `install Poetry and its plugin with poetry self add poetry-plugin-export, or write requirements.txt with: ${poetryCommand(poetrySelected)}`);
      writeFileSync(file, text);
      return { files: [file], options: wholeLock(file), uvOptions: BY_HASH };
    }
    case 'Pipfile.lock': {
      const file = path.join(folder, 'requirements.txt');
      writeFileSync(file, renderPipfileLock(constructPath, files[0], readFileSync(files[0], 'utf8'), groups));
      return { files: [file], options: wholeLock(file), uvOptions: BY_HASH };
    }
  }
}

/**
 * uv compares the version of the Python that installs, which may be another than that of the function. That of the function was compared
 * with `requires-python` of the project.
 */
function withoutRequiredPython(pylock: string): string {
  return pylock.replace(/^requires-python\s*=.*\n/m, '');
}

/** A file with paths must stay where it is, because they are relative to it. */
function forAnyPython(pylock: string, folder: string): string {
  const text = readFileSync(pylock, 'utf8');
  if (/\bpath\s*=/.test(text)) return pylock;
  const file = path.join(folder, 'pylock.toml');
  writeFileSync(file, withoutRequiredPython(text));
  return file;
}

/** The file lists all packages, also those that others need. An extra may need more on other machines, for which there is no hash. */
function wholeLock(file: string): string[] {
  return ['--no-deps', ...requiresHashes(readRequirements([file])) ? ['--require-hashes'] : []];
}

/** The hash decides which index a package is from, because these formats cannot name the index of a package. */
const BY_HASH = ['--index-strategy', 'unsafe-best-match'];

function poetryCommand(selected: string[]): string {
  return ['poetry', 'export', ...selected, '-f', 'requirements.txt', '-o', 'requirements.txt'].join(' ');
}

function exportWith(constructPath: string, { directory, files }: PythonDependencies, command: string[], args: string[], fix: string): string {
  const done = run(command, args, { cwd: directory, env: { ...process.env, NO_COLOR: '1' } });
  if (done.status === 0) return done.stdout;
  throw new Error(`${constructPath}: cannot read ${files[0]}: ${done.output || done.stdout.trim()}; ${fix}`);
}

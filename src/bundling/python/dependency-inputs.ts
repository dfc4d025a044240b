import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { PythonDependencies } from './python-dependencies';

/** What the installed dependencies depend on. */
export interface DependencyInputs {
  /** The texts of all files that say what is installed, and from where. */
  readonly texts: string[];
  /** Whether the same texts always bring the same packages. */
  readonly pinned: boolean;
}

/** Where pip and uv read which index they use: https://pip.pypa.io/en/stable/topics/configuration/, https://docs.astral.sh/uv/concepts/configuration-files/ */
const SETTINGS = ['/etc/pip.conf', '/etc/uv/uv.toml', ...['.pip/pip.conf', '.config/pip/pip.conf', '.config/uv/uv.toml'].map(file => path.join(homedir(), file))];

/** Reads what the dependencies of an app depend on. */
export function dependencyInputs(dependencies: PythonDependencies | undefined): DependencyInputs {
  if (dependencies === undefined) return { texts: [], pinned: true };
  const texts = dependencies.kind === 'requirements.txt'
    ? requirements(path.join(dependencies.directory, 'requirements.txt'), new Set())
    : ['uv.lock', 'pyproject.toml', 'uv.toml'].map(file => read(path.join(dependencies.directory, file)));
  const settings = Object.entries(process.env).filter(([name]) => /^(?:PIP|UV)_/.test(name)).map(([name, value]) => `${name}=${value}`).sort();
  const pinned = dependencies.kind === 'requirements.txt' ? texts.every(isPinned) : !/^source = \{ (?:editable|directory|path) = "(?!\.")/m.test(texts[0]);
  return { texts: [...texts, ...settings, ...SETTINGS.map(read)], pinned };
}

/** A requirements file and all others that it includes. */
function requirements(file: string, seen: Set<string>): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = read(file);
  const included = [...text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[ =]?\s*(\S+)/gm)].map(([, name]) => path.resolve(path.dirname(file), name));
  return [text, ...included.flatMap(name => requirements(name, seen))];
}

/** Whether each line names one version. Folders, and addresses without a hash, may have other contents tomorrow. */
function isPinned(text: string): boolean {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).map(line => line.replace(/(^|\s)#.*$/, '').trim());
  return lines.every(line => line === '' || /^-(?!e|-editable)/.test(line) || /--hash[ =]/.test(line) || /^[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*===?\s*[^\s*,;]+\s*(?:;|$)/.test(line));
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';

/** https://peps.python.org/pep-3147/ */
export function cacheTag(version: string): string {
  return `cpython-${version.replace('.', '')}`;
}

/** A Python of this machine. */
export interface FoundPython {
  readonly executable: string;
  /** Its full version and its compiler. */
  readonly build: string;
}

/** The answers of this process, so that the second app does not ask again. */
const found = new Map<string, FoundPython | undefined>();

/** Finds the executable of exactly this version. Python ignores the bytecode of other versions, and sometimes that of a pre-release. */
export function findPython(version: string): FoundPython | undefined {
  const key = `${version} ${process.env.PATH}`;
  if (!found.has(key)) found.set(key, firstOf(candidates(version), version));
  return found.get(key);
}

/** The Python that compiles for this version: its path and full version. Undefined if the machine has none. */
export function describePython(version: string): string | undefined {
  const python = findPython(version);
  return python && `${python.executable} ${python.build}`;
}

function* candidates(version: string): Generator<string> {
  // The commands of pyenv on PATH are scripts, which take long to find out that they are for another version.
  const shim = isShim(`python${version}`);
  if (shim) yield managedPython(version);
  yield* [`python${version}`, 'python3', 'python'];
  if (!shim) yield managedPython(version);
}

function firstOf(commands: Iterable<string>, version: string): FoundPython | undefined {
  for (const command of commands) {
    const python = pythonOf(command, version);
    if (python) return python;
  }
  return undefined;
}

function pythonOf(command: string, version: string): FoundPython | undefined {
  const [executable, tag, level, build] = ask(command, ['-I', '-c', QUESTION]).split(/\r?\n/);
  return tag === cacheTag(version) && level === 'final' ? { executable, build } : undefined;
}

const QUESTION = 'import sys; print(sys.executable, sys.implementation.cache_tag, sys.version_info.releaselevel, sys.version.replace("\\n", " "), sep="\\n")';

function isShim(command: string): boolean {
  const folder = (process.env.PATH ?? '').split(path.delimiter).find(name => existsSync(path.join(name, command)));
  return folder !== undefined && path.basename(folder) === 'shims';
}

/** The executable of a Python that pyenv or uv has installed, but not put on PATH. An empty string if there is none. */
function managedPython(version: string): string {
  const prefix = ask('pyenv', ['prefix', version]);
  return prefix ? path.join(prefix, 'bin/python') : ask('uv', ['python', 'find', '--no-python-downloads', '--python-preference', 'only-managed', version]);
}

/** Returns what a command prints, or an empty string if it fails. */
function ask(command: string, args: string[]): string {
  if (command === '') return '';
  const done = spawnSync(command, args, { encoding: 'utf8', env: process.env });
  return done.status === 0 ? done.stdout.trim() : '';
}

/** The executable of exactly this version, else of the newest version from 3.10 that is on PATH. Its `sys` has the names of the standard library. */
export function findAnyPython(version: string): string | undefined {
  const exact = findPython(version)?.executable;
  if (exact !== undefined) return exact;
  for (const command of ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python']) {
    const executable = ask(command, ['-I', '-c', 'import sys; print(sys.executable if sys.version_info >= (3, 10) else "")']);
    if (executable !== '') return executable;
  }
  return undefined;
}

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';

/** The folder in which Lambda unpacks the asset. */
const TASK_ROOT = '/var/task';

/** Lambda unpacks 250 MB at most, layers included: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LARGEST_MEGABYTES = 200;

/**
 * Compiles the Python files of a bundle, if the machine has the Python version of the function. Without bytecode every cold start
 * would compile every module, because Lambda's folder is read-only. A file that does not compile stays as it is, and fails only if the
 * app imports it.
 */
export function compilePython(directory: string, version: string): void {
  const python = findPython(version);
  if (python === undefined) return;
  // The working directory and the PYTHON… variables decide which modules Python finds and how it compiles.
  const variables = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('PYTHON'));
  const done = spawnSync(python.executable, compileArguments(directory), {
    cwd: path.parse(directory).root,
    env: { ...Object.fromEntries(variables), PYTHONHASHSEED: '0' },
    stdio: 'ignore',
  });
  // 1 means that a file does not compile.
  const completed = done.status === 0 || done.status === 1;
  if (!completed || megabytesOf(directory) > LARGEST_MEGABYTES) removeBytecode(directory);
}

/**
 * The arguments with which `python` compiles a folder. The bytecode contains the file names on Lambda. It does not depend on the machine:
 * `-S` leaves out the machine's `site` packages, and the caller sets a fixed hash seed. The hashes are unchecked, because the upload
 * changes the times of files.
 */
export function compileArguments(directory: string): string[] {
  return ['-S', '-W', 'ignore', '-m', 'compileall', '-f', '-qq', '--invalidation-mode', 'unchecked-hash', '-s', directory, '-p', TASK_ROOT, directory];
}

/** The Python that compiles for this version: its path and full version. Undefined if the machine has none. */
export function describePython(version: string): string | undefined {
  const python = findPython(version);
  return python && `${python.executable} ${python.build}`;
}

/** A `.gitignore` pattern for the compiled files of this Python version. */
export function bytecodePattern(version: string): string {
  return `**/__pycache__/*.${cacheTag(version)}.pyc`;
}

/** https://peps.python.org/pep-3147/ */
function cacheTag(version: string): string {
  return `cpython-${version.replace('.', '')}`;
}

interface Python {
  readonly executable: string;
  /** Its full version and its compiler. */
  readonly build: string;
}

/** The answers of this process, so that the second app does not ask again. */
const found = new Map<string, Python | undefined>();

/** Finds the executable of exactly this version. Python ignores the bytecode of other versions, and sometimes that of a pre-release. */
function findPython(version: string): Python | undefined {
  const key = `${version} ${process.env.PATH}`;
  if (!found.has(key)) found.set(key, firstOf(candidates(version), version));
  return found.get(key);
}

function* candidates(version: string): Generator<string> {
  // The commands of pyenv on PATH are scripts, which take long to find out that they are for another version.
  const shim = isShim(`python${version}`);
  if (shim) yield managedPython(version);
  yield* [`python${version}`, 'python3', 'python'];
  if (!shim) yield managedPython(version);
}

function firstOf(commands: Iterable<string>, version: string): Python | undefined {
  for (const command of commands) {
    const python = pythonOf(command, version);
    if (python) return python;
  }
  return undefined;
}

function pythonOf(command: string, version: string): Python | undefined {
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

function megabytesOf(directory: string): number {
  const sizes = filesIn(directory).map(file => statSync(path.join(directory, file))).map(stats => stats.isFile() ? stats.size : 0);
  return sizes.reduce((sum, size) => sum + size, 0) / 1024 ** 2;
}

function removeBytecode(directory: string): void {
  for (const file of filesIn(directory).filter(name => path.basename(name) === '__pycache__')) rmSync(path.join(directory, file), { recursive: true, force: true });
}

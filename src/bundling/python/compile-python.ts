import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';
import { cacheTag, findPython } from './find-python';
import { refuseHalfBytecode } from './refuse-half-bytecode';
import { trimBytecode } from './trim-bytecode';

/** The folder in which Lambda unpacks the asset. */
const TASK_ROOT = '/var/task';

/** Lambda unpacks 250 MB at most, layers included: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LARGEST_MEGABYTES = 200;

/**
 * Compiles the Python files of a bundle, if the machine has the Python version of the function. Without bytecode every cold start
 * would compile every module, because Lambda's folder is read-only. A file that does not compile stays as it is, and fails only if the
 * app imports it.
 *
 * @param isOwn whether a name at the top of the bundle is of the app itself
 * @returns why bytecode was left out, or undefined if all is there
 */
export function compilePython(directory: string, version: string, isOwn: (name: string) => boolean): string | undefined {
  const python = findPython(version);
  if (python === undefined) {
    return `the bundle has no bytecode, so that each cold start takes longer, because this machine has no Python ${version}; `
      + `install it, e.g. with: uv python install ${version}`;
  }
  // The working directory and the PYTHON… variables decide which modules Python finds and how it compiles.
  const variables = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('PYTHON'));
  const done = spawnSync(python.executable, compileArguments(directory, '-q'), {
    cwd: path.parse(directory).root,
    env: { ...Object.fromEntries(variables), PYTHONHASHSEED: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  refuseHalfBytecode(directory, python.executable, done.stdout ?? '');
  // 1 means that a file does not compile.
  if (done.status !== 0 && done.status !== 1) {
    removeBytecode(directory);
    return `the bundle has no bytecode, so that each cold start takes longer, because ${python.executable} -m compileall ended with ${done.error?.message ?? done.signal ?? done.status}`;
  }
  if (megabytesOf(directory) <= LARGEST_MEGABYTES) return undefined;
  const left = trimBytecode(directory, LARGEST_MEGABYTES, isOwn);
  return `the bundle would be larger than ${LARGEST_MEGABYTES} MB with all its bytecode, so that it has none for what is imported least: ${left.join(', ')}`;
}

/**
 * The arguments with which `python` compiles a folder. The bytecode contains the file names on Lambda. It does not depend on the machine:
 * `-S` leaves out the machine's `site` packages, and the caller sets a fixed hash seed. The hashes are unchecked, because the upload
 * changes the times of files.
 *
 * @param quiet `-q` prints the errors
 */
export function compileArguments(directory: string, quiet: '-q' | '-qq' = '-qq'): string[] {
  return ['-S', '-W', 'ignore', '-m', 'compileall', '-f', quiet, '--invalidation-mode', 'unchecked-hash', '-s', directory, '-p', TASK_ROOT, directory];
}

/** A `.gitignore` pattern for the compiled files of this Python version. */
export function bytecodePattern(version: string): string {
  return `**/__pycache__/*.${cacheTag(version)}.pyc`;
}

function megabytesOf(directory: string): number {
  const sizes = filesIn(directory).map(file => statSync(path.join(directory, file))).map(stats => stats.isFile() ? stats.size : 0);
  return sizes.reduce((sum, size) => sum + size, 0) / 1024 ** 2;
}

function removeBytecode(directory: string): void {
  for (const file of filesIn(directory).filter(name => path.basename(name) === '__pycache__')) rmSync(path.join(directory, file), { recursive: true, force: true });
}

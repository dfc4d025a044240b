import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';

/** Where Lambda unpacks the asset. */
const TASK_ROOT = '/var/task';

/** Lambda unpacks 250 MB at most, layers included: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LARGEST_MEGABYTES = 200;

/**
 * Compiles what was bundled, where the machine has the Python that it will run on: nothing can be written to Lambda's own folder,
 * so that every cold start would compile every module. What does not compile stays as it is, and fails if the app imports it.
 */
export function compilePython(directory: string, version: string): void {
  const python = findPython(version);
  if (python === undefined) return;
  // Python takes what it looks up first, and what decides how it compiles, from the working directory and from such variables.
  const variables = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('PYTHON'));
  const done = spawnSync(python, compileArguments(directory), {
    cwd: path.parse(directory).root,
    env: { ...Object.fromEntries(variables), PYTHONHASHSEED: '0' },
    stdio: 'ignore',
  });
  // 1 says that some file does not compile.
  const ended = done.status === 0 || done.status === 1;
  if (!ended || megabytesOf(directory) > LARGEST_MEGABYTES) removeBytecode(directory);
}

/**
 * What `python` compiles a folder with. The code names its files as on Lambda. Without `site`, and with the hash seed fixed, nothing
 * of the machine has a part in it. The hashes are unchecked, since times of files do not survive the upload.
 */
export function compileArguments(directory: string): string[] {
  return ['-S', '-W', 'ignore', '-m', 'compileall', '-f', '-qq', '--invalidation-mode', 'unchecked-hash', '-s', directory, '-p', TASK_ROOT, directory];
}

/** The names of compiled files in a `.gitignore`; those of other versions are none of ours. */
export function bytecodePattern(version: string): string {
  return `**/__pycache__/*.${cacheTag(version)}.pyc`;
}

/** https://peps.python.org/pep-3147/ */
function cacheTag(version: string): string {
  return `cpython-${version.replace('.', '')}`;
}

/** Another version's bytecode would be ignored, and that of a pre-release may be. */
function findPython(version: string): string | undefined {
  const fitting = (command: string) => {
    const [executable, tag, level] = ask(command, ['-I', '-c', QUESTION]).split(/\r?\n/);
    return tag === cacheTag(version) && level === 'final' ? executable : undefined;
  };
  return fitting(`python${version}`) ?? fitting('python3') ?? fitting('python') ?? fitting(managedPython(version));
}

const QUESTION = 'import sys; print(sys.executable, sys.implementation.cache_tag, sys.version_info.releaselevel, sep="\\n")';

/** One that is installed, but not the one that its manager has on PATH. */
function managedPython(version: string): string {
  const prefix = ask('pyenv', ['prefix', version]);
  return prefix ? path.join(prefix, 'bin/python') : ask('uv', ['python', 'find', '--no-python-downloads', '--python-preference', 'only-managed', version]);
}

/** What a command prints; nothing where it fails. */
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

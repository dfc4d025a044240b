import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

/** https://peps.python.org/pep-3147/ */
export function cacheTag(version: string): string {
  return `cpython-${version.replace('.', '')}`;
}

/** Finds the executable of exactly this version. Python ignores the bytecode of other versions, and sometimes that of a pre-release. */
export function findPython(version: string): string | undefined {
  const ofVersion = (command: string) => {
    const [executable, tag, level] = ask(command, ['-I', '-c', QUESTION]).split(/\r?\n/);
    return tag === cacheTag(version) && level === 'final' ? executable : undefined;
  };
  return ofVersion(`python${version}`) ?? ofVersion('python3') ?? ofVersion('python') ?? ofVersion(managedPython(version));
}

const QUESTION = 'import sys; print(sys.executable, sys.implementation.cache_tag, sys.version_info.releaselevel, sep="\\n")';

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
  const exact = findPython(version);
  if (exact !== undefined) return exact;
  const candidates = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python'];
  return candidates.map(command => ask(command, ['-I', '-c', 'import sys; print(sys.executable if sys.version_info >= (3, 10) else "")'])).find(found => found !== '');
}

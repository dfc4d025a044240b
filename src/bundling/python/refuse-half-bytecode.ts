import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';

/** A full disk ends a file at the end of a block, and all file systems have blocks of a multiple of this size. */
const BLOCK = 512;

const LOAD = `import marshal, sys
for name in sys.stdin.read().splitlines():
    with open(name, "rb") as file:
        try:
            marshal.loads(file.read()[16:])
        except (EOFError, ValueError, TypeError):
            print(name)
`;

/**
 * Throws if bytecode could not be written, for instance on a full disk. Python only prints that, and goes on. If the first part of a file
 * fits, it does not even notice: the app would fail when it imports the module. Newer versions do: https://github.com/python/cpython/issues/126606
 *
 * @param printed what `compileall` printed
 */
export function refuseHalfBytecode(directory: string, python: string, printed: string): void {
  const [failure] = /^(?:OSError: .*|\w+Error: \[Errno .*)$/m.exec(printed) ?? [];
  if (failure !== undefined) throw diskError(failure, /Errno (?:28|122)\b|didn't write/.test(failure));
  const [half] = halfOf(python, filesIn(directory).map(name => path.join(directory, name)).filter(mayBeHalf));
  if (half !== undefined) throw diskError(`only a part of ${path.relative(directory, half)} could be written`, true);
}

function mayBeHalf(file: string): boolean {
  return file.endsWith('.pyc') && statSync(file).size % BLOCK === 0;
}

function halfOf(python: string, files: string[]): string[] {
  if (files.length === 0) return [];
  const done = spawnSync(python, ['-I', '-S', '-c', LOAD], { input: files.join('\n'), encoding: 'utf8' });
  return (done.stdout ?? '').split(/\r?\n/).filter(name => name !== '');
}

/** As the file system's own errors are, so that they are described in the same way. */
function diskError(message: string, full: boolean): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code: full ? 'ENOSPC' : 'EIO', syscall: 'write' });
}

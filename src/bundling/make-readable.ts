import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

/**
 * Makes all files of a bundle readable for everyone. The uploaded zip keeps the modes, and on Lambda another user owns the files: if the
 * umask of this machine hides files from other users, the function could not read its own code.
 */
export function makeReadable(file: string): void {
  const stats = lstatSync(file);
  if (stats.isSymbolicLink()) return;
  const wanted = stats.isDirectory() ? 0o755 : 0o444;
  // eslint-disable-next-line no-bitwise
  if ((stats.mode & wanted) !== wanted) chmodSync(file, stats.mode | wanted);
  if (stats.isDirectory()) {
    for (const name of readdirSync(file)) makeReadable(path.join(file, name));
  }
}

import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

/**
 * Lets everyone read what was bundled. The zip that is uploaded keeps the modes, and on Lambda the files belong to somebody else:
 * on a machine whose umask hides files from others, the function could not read its own code.
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

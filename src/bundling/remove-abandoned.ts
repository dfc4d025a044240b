import { readdirSync, rmSync, statSync } from 'node:fs';
import * as path from 'node:path';

/** The beginning of the names of folders in which bundles are made. The CDK's own temporary folders begin in the same way. */
export const TEMPORARY = 'bundling-temp-';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Removes the folders of syntheses that were ended before they could remove them. Younger ones may belong to one that still runs.
 *
 * @param prefix what `mkdtemp` was called with
 */
export function removeAbandoned(directory: string, prefix: string): void {
  for (const name of readdirSync(directory).filter(entry => entry.startsWith(prefix) && /^\w{6}$/.test(entry.slice(prefix.length)))) {
    const abandoned = path.join(directory, name);
    const stats = statSync(abandoned, { throwIfNoEntry: false });
    if (stats && isOwn(stats.uid) && Date.now() - stats.mtimeMs > DAY) rmSync(abandoned, { recursive: true, force: true });
  }
}

/** The folder for temporary files is often shared with other users. */
function isOwn(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}

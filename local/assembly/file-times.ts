import * as fs from 'node:fs';
import * as path from 'node:path';

/** The time that the CDK gives to every file when it zips a folder, so that equal files make an equal archive. */
const TIME_IN_ARCHIVES = new Date('1980-01-01T00:00:00Z');

/** Names of folders that the CDK has copied or bundled into its output. Others belong to the user. */
const STAGED = /^asset\.[0-9a-f]{64}$/;

/**
 * Gives the files of an asset the time that they have on Lambda: it is the same for all files and deployments, so the ETags that some
 * frameworks make of time and size can be equal for different files.
 */
export function setFileTimes(asset: string): void {
  if (!STAGED.test(path.basename(asset))) return;
  for (const entry of fs.readdirSync(asset, { recursive: true, withFileTypes: true })) {
    // Node 20.1 to 20.11 has only the name `path`.
    if (entry.isFile()) setTime(path.join(entry.parentPath ?? entry.path, entry.name));
  }
}

function setTime(file: string): void {
  try {
    fs.utimesSync(file, TIME_IN_ARCHIVES, TIME_IN_ARCHIVES);
  } catch (error) {
    // An output that was made elsewhere may be read-only. Its files are served all the same.
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code!)) throw error;
  }
}

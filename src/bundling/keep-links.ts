import { existsSync, readdirSync, renameSync } from 'node:fs';
import * as path from 'node:path';
import { writeZip } from './write-zip';

/**
 * Whether a folder has symbolic links, which package managers and frameworks use to give each package its own versions of others. The CDK
 * follows links when it zips a folder, so packages would be copied to where they do not find their dependencies.
 */
export function hasLinks(directory: string): boolean {
  return readdirSync(directory, { withFileTypes: true })
    .some(entry => entry.isSymbolicLink() || entry.isDirectory() && hasLinks(path.join(directory, entry.name)));
}

/** Makes a zip of a folder, which the CDK uploads as it is, and in which Lambda unpacks links as links. */
export function archiveOf(directory: string, archive: string): string {
  if (!existsSync(archive)) {
    // By renaming, so that what has the name is always complete.
    const temporary = `${archive}.${process.pid}`;
    writeZip(directory, temporary);
    renameSync(temporary, archive);
  }
  return archive;
}

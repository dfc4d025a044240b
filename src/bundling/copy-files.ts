import { constants, copyFileSync, mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { SelectedFile } from './select-files';

/** Copies files into a bundle. They replace files of the same name. */
export function copyFiles(files: readonly SelectedFile[], directory: string): void {
  const made = new Set<string>();
  for (const { source, target } of files) {
    const copy = path.join(directory, target);
    const folder = path.dirname(copy);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    copyFileSync(source, copy, constants.COPYFILE_FICLONE);
  }
}

import { existsSync, statSync } from 'node:fs';

/** Whether a path, or what it links to, is a file. False below a file and for names that are too long, for which `statSync` throws. */
export function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}

/** Whether a path, or what it links to, is a folder. As in `isFile`, `statSync` alone would throw for some. */
export function isFolder(file: string): boolean {
  return existsSync(file) && statSync(file).isDirectory();
}

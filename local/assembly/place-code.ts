import * as fs from 'node:fs';
import { copyFile, mkdir, readdir, stat, utimes } from 'node:fs/promises';
import * as path from 'node:path';
import { FunctionCode } from './function-code';
import { unpackArchive } from './unpack-archive';

/** How many files are copied at the same time. */
const COPIES = 32;

/** The time that the CDK gives to every file when it zips a folder, so that equal files make an equal archive. */
const TIME_IN_ARCHIVES = new Date('1980-01-01T00:00:00Z');

/**
 * Puts a function's code into a new folder, read-only, as it is on Lambda. There, a function cannot change its asset in the
 * cloud assembly, which is what a deployment uploads, and finds no packages in the folders above it.
 *
 * @throws when the code cannot be read, or there is no space for it
 */
export async function placeCode(code: FunctionCode, directory: string): Promise<void> {
  try {
    // Not in another thread, which could still make the folders of a path again after they were removed because the process ends.
    fs.mkdirSync(directory, { recursive: true });
    switch (code.kind) {
      case 'folder':
        await copyFolder(code.path, directory);
        break;
      case 'archive':
        await unpackArchive(code.path, directory);
        break;
      case 'inline':
        fs.writeFileSync(path.join(directory, code.fileName), code.text);
        break;
    }
    makeReadOnly(directory);
  } catch (error) {
    const { code: errorCode, message } = error as NodeJS.ErrnoException;
    if (errorCode !== 'ENOSPC' && errorCode !== 'EDQUOT') throw error;
    throw new Error(`there is no space for a copy of ${code.kind === 'inline' ? 'the code' : code.path}: ${message}; free some, or set TMPDIR to another folder`);
  }
}

/**
 * Links are followed, as they are when the asset is uploaded. The files get the time that they have on Lambda: it is the same for all files
 * and deployments, so the ETags that some frameworks make of time and size can be equal for different files.
 */
async function copyFolder(source: string, target: string): Promise<void> {
  const files: (readonly [string, string])[] = [];
  const visit = async (from: string, to: string): Promise<void> => {
    for (const entry of await readdir(from, { withFileTypes: true })) {
      const [sourceFile, targetFile] = [path.join(from, entry.name), path.join(to, entry.name)];
      const isFolder = entry.isSymbolicLink() ? (await stat(sourceFile)).isDirectory() : entry.isDirectory();
      if (isFolder) {
        await mkdir(targetFile);
        await visit(sourceFile, targetFile);
      } else {
        files.push([sourceFile, targetFile]);
      }
    }
  };
  await visit(source, target);
  await Promise.all(Array.from({ length: COPIES }, async () => {
    // A file system that can share the blocks of two files does so.
    for (let next = files.pop(); next; next = files.pop()) {
      await copyFile(...next, fs.constants.COPYFILE_FICLONE);
      await utimes(next[1], TIME_IN_ARCHIVES, TIME_IN_ARCHIVES);
    }
  }));
}

function makeReadOnly(file: string): void {
  const stats = fs.lstatSync(file);
  // A link has no mode of its own, and may lead to a folder above it.
  if (stats.isSymbolicLink()) return;
  if (stats.isDirectory()) {
    for (const name of fs.readdirSync(file)) makeReadOnly(path.join(file, name));
  }
  // eslint-disable-next-line no-bitwise
  fs.chmodSync(file, stats.mode & 0o555);
}

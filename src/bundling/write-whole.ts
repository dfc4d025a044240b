import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file under another name first, so that nobody ever reads half of it, also after a full disk. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

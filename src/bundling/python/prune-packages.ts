import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';

/** Files that pip and uv write. No app imports them, and they differ from run to run or from machine to machine. */
const LEFTOVERS = /^(?:INSTALLER|direct_url\.json|uv_cache\.json|uv_build\.json|REQUESTED)$/;

/** Removes the commands of packages and the traces of the installation. Lambda does not need them, and some differ for the same input. */
export function prunePackages(directory: string): void {
  for (const name of ['bin', '.lock']) rmSync(path.join(directory, name), { recursive: true, force: true });
  for (const file of filesIn(directory)) {
    const { base, dir } = path.parse(file);
    const inInfo = dir.endsWith('.dist-info') && LEFTOVERS.test(base);
    if (base === '__pycache__' || inInfo) rmSync(path.join(directory, file), { recursive: true, force: true });
  }
  updateRecords(directory);
}

/**
 * Removes the deleted files from the list of files and hashes of each package. The hash of a command depends on the machine, because the
 * command contains the path of the machine's Python.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
function updateRecords(directory: string): void {
  const files = new Set(filesIn(directory).map(file => file.split(path.sep).join('/')));
  for (const record of [...files].filter(file => file.endsWith('.dist-info/RECORD')).map(file => path.join(directory, file))) {
    const lines = readFileSync(record, 'utf8').split(/\r?\n/).filter(line => files.has(nameInRecord(line)));
    writeFileSync(record, lines.sort().map(line => `${line}\n`).join(''));
  }
}

/** The name of the file in a line. Names with a comma are in quotes. */
function nameInRecord(line: string): string {
  const [, quoted] = /^"((?:[^"]|"")*)"/.exec(line) ?? [];
  return quoted?.replace(/""/g, '"') ?? line.split(',')[0];
}

import { readFileSync, rmSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';

const BYTES_OF_MEGABYTE = 1024 ** 2;

/**
 * Removes bytecode from a bundle that is too large, and keeps that of the modules that are imported most often. Each folder or module at
 * the top of the bundle is kept or removed as a whole.
 *
 * @param isOwn whether a name at the top of the bundle is of the app itself, whose bytecode is kept first
 * @returns the names that have no bytecode
 */
export function trimBytecode(directory: string, largestMegabytes: number, isOwn: (name: string) => boolean): string[] {
  const stats = filesIn(directory).map(file => [file, statSync(path.join(directory, file))] as const);
  const sizes = new Map(stats.filter(([, found]) => found.isFile()).map(([file, { size }]) => [file, size]));
  const compiled = new Map<string, string[]>();
  for (const file of sizes.keys()) {
    if (path.basename(path.dirname(file)) === '__pycache__') compiled.set(topOf(file), [...compiled.get(topOf(file)) ?? [], file]);
  }
  const sum = (files: Iterable<string>) => [...files].reduce((total, file) => total + sizes.get(file)!, 0);
  let left = largestMegabytes * BYTES_OF_MEGABYTE - sum(sizes.keys()) + [...compiled.values()].reduce((total, files) => total + sum(files), 0);
  const imports = countImports(directory, [...sizes.keys()]);
  const rank = (name: string) => isOwn(name) ? Infinity : imports.get(name) ?? 0;
  const removed: string[] = [];
  for (const [name, files] of [...compiled].sort(([one], [other]) => rank(other) - rank(one) || (one < other ? -1 : 1))) {
    if (sum(files) <= left) {
      left -= sum(files);
    } else {
      removed.push(name);
      for (const file of files) rmSync(path.join(directory, file));
    }
  }
  return removed.sort();
}

/** The name that is imported: `flask` of `flask/__pycache__/app.cpython-313.pyc`, and `six` of `__pycache__/six.cpython-313.pyc`. */
function topOf(file: string): string {
  const [first, second] = file.split(path.sep);
  return first === '__pycache__' ? second.split('.')[0] : first;
}

function countImports(directory: string, files: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of files.filter(name => name.endsWith('.py'))) {
    for (const [, name] of readFileSync(path.join(directory, file), 'latin1').matchAll(/^[ \t]*(?:from|import)[ \t]+(\w+)/gm)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

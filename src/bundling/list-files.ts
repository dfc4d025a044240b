import { readdirSync } from 'node:fs';
import * as path from 'node:path';

/**
 * The paths of all files and links in a folder, with slashes, in an order that is the same on every machine.
 *
 * Links are not followed. `readdir` with `recursive` does so since Node 22, so what packages share by links would be listed many times.
 * https://github.com/nodejs/node/issues/52663
 */
export function listFiles(directory: string, below = ''): string[] {
  return readdirSync(directory, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1).flatMap(entry => (
    entry.isDirectory() ? listFiles(path.join(directory, entry.name), `${below}${entry.name}/`) : [below + entry.name]
  ));
}

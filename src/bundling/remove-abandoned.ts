import { readdirSync, rmSync, statSync } from 'node:fs';
import * as path from 'node:path';

/** The beginning of the names of folders in which bundles are made. The CDK's own temporary folders begin in the same way. */
export const TEMPORARY = 'bundling-temp-';

const DAY = 24 * 60 * 60 * 1000;

/** Removes the folders of syntheses that were ended before they could remove them. Younger ones may belong to one that still runs. */
export function removeAbandoned(output: string): void {
  for (const name of readdirSync(output).filter(entry => new RegExp(`^${TEMPORARY}\\w{6}$`).test(entry))) {
    const directory = path.join(output, name);
    const stats = statSync(directory, { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > DAY) rmSync(directory, { recursive: true, force: true });
  }
}

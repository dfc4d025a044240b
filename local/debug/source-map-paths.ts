import * as fs from 'node:fs';
import * as path from 'node:path';
import { Workspace } from '../workspace';

/**
 * Makes the source maps of a copied bundle lead to the user's own files, as a debugger needs it to set breakpoints in them.
 * In the copy, their relative paths lead to files that are not there.
 */
export function leadToOriginals(directory: string, workspace: Pick<Workspace, 'showOriginals'>): void {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') leadToOriginals(file, workspace);
    if (!entry.isFile() || !/\.[cm]?js\.map$/.test(entry.name)) continue;
    const map = JSON.parse(fs.readFileSync(file, 'utf8')) as { sources?: string[] };
    const sources = map.sources?.map((source) => (/^[\w-]+:/.test(source) ? source : workspace.showOriginals(path.resolve(directory, source))));
    const { mode } = fs.statSync(file);
    // eslint-disable-next-line no-bitwise
    fs.chmodSync(file, mode | 0o200);
    fs.writeFileSync(file, JSON.stringify({ ...map, sources }));
    fs.chmodSync(file, mode);
  }
}

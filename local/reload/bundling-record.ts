import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * How an asset was bundled, as the construct wrote it beside the asset. Only what is read here is named; the rest is
 * given back to the library's own bundling.
 */
export interface BundlingRecord {
  readonly kind: 'node' | 'python';
  readonly path: string;
  /** The folder on this machine that the paths in the asset are relative to. */
  readonly root: string;
  /** Files and folders below the root that are copied into the asset as they are. Absent if the whole root is. */
  readonly copied?: readonly string[];
}

/** Returns the record of an asset, and when it was written. Undefined if it has none, such as that of code that was built elsewhere. */
export function readBundlingRecord(asset: string): { readonly record: BundlingRecord; readonly writtenAt: number } | undefined {
  const file = `${asset}.bundling.json`;
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (!stats) return undefined;
  try {
    return { record: JSON.parse(fs.readFileSync(file, 'utf8')) as BundlingRecord, writtenAt: stats.mtimeMs };
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** The sources that a Node bundle was made of, from its source maps. Undefined if it has none. */
export function sourcesOf(bundle: string, root: string): ReadonlySet<string> | undefined {
  const maps = mapsIn(bundle, '');
  if (maps.length === 0) return undefined;
  return new Set(maps.flatMap((map) => {
    const { sources = [] } = JSON.parse(fs.readFileSync(path.join(bundle, map), 'utf8')) as { sources?: string[] };
    return sources.map((source) => path.resolve(root, path.dirname(map), source)).filter((source) => !source.includes(`${path.sep}node_modules${path.sep}`));
  }));
}

function mapsIn(bundle: string, folder: string): string[] {
  return fs.readdirSync(path.join(bundle, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : mapsIn(bundle, file);
    return /\.[cm]?js\.map$/.test(entry.name) ? [file] : [];
  });
}

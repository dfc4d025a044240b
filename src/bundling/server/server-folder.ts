import { existsSync, realpathSync } from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { explainMissingFolder, explainMissingEntry, refuseMissingBuild, refuseOtherBuilds } from './framework-builds';
import { ServerAppOptions } from './server-app-options';
import { isFile, isFolder } from '../file-kinds';

/** A folder or file that is laid into the asset. */
export interface LaidFile {
  /** The path on this machine. */
  readonly source: string;
  /** The path in the asset, with slashes; empty for the asset itself. */
  readonly target: string;
}

/** A built server, and what is laid into its folder. */
export interface ServerFolder {
  /** The folder on this machine. */
  readonly directory: string;
  /** The file that starts the server, relative to the folder, with slashes. */
  readonly file: string;
  readonly exportName?: string;
  readonly args: string[];
  /** The folder itself, and what is laid into it, in this order. */
  readonly files: LaidFile[];
}

const ENTRY = /^(.+\.[cm]?js)(?::([\p{ID_Start}$_][\p{ID_Continue}$]*))?$/u;

/** Finds the folder and the file that the user named, and says what is wrong with them. */
export function findServer(scope: Construct, folder: string, options: ServerAppOptions): ServerFolder {
  const at = scope.node.path;
  const [, file, exportName] = ENTRY.exec(options?.entry ?? '') ?? [];
  if (!file) {
    throw new Error(`${at}: entry of the server ${folder} must be a file in it that ends in .js, .mjs or .cjs, e.g. entry: 'server.js', `
      + `got ${JSON.stringify(options?.entry)}`);
  }
  const named = path.resolve(folder);
  refuseOtherBuilds(at, named);
  if (!isFolder(named)) throw new Error(`${at}: ${explainMissingFolder(folder, named)}`);
  const directory = realpathSync(named);
  const entry = pathInside(at, directory, 'entry', file);
  const lookedUp = [path.join(directory, entry), ...laidOver(entry, options.assets ?? {})];
  if (!lookedUp.some(isFile)) throw new Error(`${at}: ${explainMissingEntry(folder, directory, entry)}`);
  refuseMissingBuild(at, folder, directory, { ...options, entry });
  return {
    directory,
    file: entry,
    exportName,
    args: options.args ?? [],
    files: [{ source: directory, target: '' }, ...Object.entries(options.assets ?? {}).map(([target, source]) => {
      if (!existsSync(source)) {
        throw new Error(`${at}: asset ${JSON.stringify(source)} does not exist; it is looked up from the working directory, as ${path.resolve(source)}`);
      }
      return { source: realpathSync(source), target: pathInside(at, directory, 'asset', target) };
    })],
  };
}

/** The path relative to the folder, with slashes. */
function pathInside(at: string, directory: string, what: string, given: string): string {
  const relative = path.relative(directory, path.resolve(directory, given)).split(path.sep).join('/');
  if (relative === '..' || relative.startsWith('../') || path.isAbsolute(given)) {
    throw new Error(`${at}: ${what} ${JSON.stringify(given)} is outside of the folder of the server; give a path relative to ${directory}`);
  }
  return relative;
}

/** Where the entry would come from, if it is laid into the folder. */
function laidOver(entry: string, assets: { [path: string]: string }): string[] {
  return Object.entries(assets).flatMap(([target, source]) => {
    const inside = path.posix.relative(path.posix.normalize(target), entry);
    return inside.startsWith('..') ? [] : [path.resolve(source, inside)];
  });
}

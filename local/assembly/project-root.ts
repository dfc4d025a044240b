import * as fs from 'node:fs';
import * as path from 'node:path';

/** How many folders below the CDK app's, and above it, are searched. */
const DEPTH_BELOW = 3;
const DEPTH_ABOVE = 2;

const NEVER_SEARCHED = /^(\..*|node_modules|cdk\.out|__pycache__|dist|build|lib)$/;

/**
 * Finds the folder of the project that an asset was bundled from: the files of the user have the same paths in both.
 * The bundling writes it beside the asset. If it is not there, the folder is looked for around the CDK app.
 *
 * @param handler the function's handler: the path of a file in the asset, and an export
 * @param assemblyDirectory the cloud assembly, which is usually in the folder of the CDK app
 * @returns undefined if no folder, or several, have the user's files
 */
export function findProjectRoot(asset: string, handler: string, assemblyDirectory: string): string | undefined {
  const recorded = readRecord(`${asset}.bundling.json`);
  if (recorded !== undefined && fs.existsSync(recorded)) return recorded;
  const files = [...nodeSources(asset, handler), ...pythonSources(asset, handler)];
  if (files.length === 0) return undefined;
  const hasFiles = (folder: string): boolean => files.every((file) => fs.existsSync(path.join(folder, file)));
  const base = path.dirname(path.resolve(assemblyDirectory));
  const above = [path.dirname(base), path.dirname(path.dirname(base))].slice(0, DEPTH_ABOVE);
  for (const folders of [[base], foldersBelow(base, DEPTH_BELOW), above, above.flatMap((folder) => foldersBelow(folder, 2))]) {
    const found = [...new Set(folders.filter(hasFiles))];
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

function readRecord(file: string): string | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { root?: string }).root : undefined;
}

/** The user's own sources in a Node bundle, relative to the project. */
function nodeSources(asset: string, handler: string): string[] {
  const bundle = handler.replace(/\.[^./]*$/, '');
  for (const extension of ['cjs', 'mjs', 'js']) {
    const map = path.join(asset, `${bundle}.${extension}.map`);
    if (!fs.existsSync(map)) continue;
    const { sources = [] } = JSON.parse(fs.readFileSync(map, 'utf8')) as { sources?: string[] };
    return sources
      .filter((source) => !source.includes('node_modules/') && !/^[\w-]+:/.test(source))
      .map((source) => path.posix.join(path.posix.dirname(bundle), source));
  }
  return [];
}

/** The entry of a Python bundle, which the module of its handler names. */
function pythonSources(asset: string, handler: string): string[] {
  const module = path.join(asset, `${handler.replace(/\.[^.]*$/, '').replace(/\./g, '/')}.py`);
  if (!fs.existsSync(module)) return [];
  const [, file] = /serve_module\(.*, ("[^"]+\.py")\)/.exec(fs.readFileSync(module, 'utf8')) ?? [];
  return file === undefined ? [] : [JSON.parse(file) as string];
}

function foldersBelow(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isDirectory() && !NEVER_SEARCHED.test(entry.name))
    .map((entry) => path.join(folder, entry.name))
    .flatMap((below) => [below, ...foldersBelow(below, depth - 1)]);
}

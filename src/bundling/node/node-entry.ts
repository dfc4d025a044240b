import { existsSync, readFileSync, realpathSync } from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { isFile, isFolder } from '../file-kinds';

/** The entry of a Node app: a file, and optionally the export that is the app: `src/app.ts`, `src/app.ts:server`. */
export const NODE_ENTRY = /^(.+\.[cm]?[jt]s|.+\.tsx)(?::([\p{ID_Start}$_][\p{ID_Continue}$]*))?$/u;

/** The entry file of a Node app, and its project. */
export interface NodeEntry {
  /** The absolute path. */
  readonly file: string;
  /** The folder that becomes the working directory of the app: the one of the nearest package.json above the file, or one that the user named. */
  readonly projectRoot: string;
  /** The path below the project root, with slashes. */
  readonly relativeFile: string;
  /** The export that is the app, if the entry names one. */
  readonly exportName?: string;
  /** Whether Node would load the file as an ES module, because of its extension or its package.json. */
  readonly isModule: boolean;
}

/** Finds the file that `entry` names, and its project root, both relative to the working directory. */
export function findNodeEntry(scope: Construct, entry: string, givenRoot?: string): NodeEntry {
  const match = NODE_ENTRY.exec(entry);
  if (!match) {
    throw new Error(`${scope.node.path}: entry must be a file that ends in .ts, .tsx, .mts, .cts, .js, .mjs or .cjs, `
      + `optionally followed by :name to choose an export, got ${JSON.stringify(entry)}`);
  }
  const [, given, exportName] = match;
  const named = path.resolve(given);
  if (isFolder(named)) {
    throw new Error(`${scope.node.path}: entry ${given} is a directory; give the file of the app in it`);
  }
  if (!isFile(named)) {
    throw new Error(`${scope.node.path}: entry ${given} does not exist; it is looked up from the working directory, as ${named}`);
  }
  // esbuild uses the real path of every file, so the paths here must be real paths as well.
  const file = realpathSync(named);
  const packageFile = nearestPackageFile(path.dirname(file));
  refuseBuiltServer(scope.node.path, given, file);
  const projectRoot = givenRoot === undefined ? path.dirname(packageFile ?? file) : rootOf(scope.node.path, givenRoot, file);
  return {
    file,
    projectRoot,
    relativeFile: path.relative(projectRoot, file).split(path.sep).join('/'),
    exportName,
    isModule: isModule(file, packageFile),
  };
}

function rootOf(at: string, givenRoot: string, file: string): string {
  const named = path.resolve(givenRoot);
  const root = existsSync(named) ? realpathSync(named) : named;
  if (!file.startsWith(root + path.sep)) {
    throw new Error(`${at}: the entry ${file} is not in projectRoot ${JSON.stringify(givenRoot)}, which is ${root}; name a folder above the entry`);
  }
  return root;
}

/** The server that Next builds loads hundreds of files by names that a bundler cannot know. */
function refuseBuiltServer(at: string, given: string, file: string): void {
  const folder = path.dirname(file);
  if (existsSync(path.join(folder, '.next/BUILD_ID')) && existsSync(path.join(folder, '.next/required-server-files.json'))) {
    const source = `AppSource.server(${JSON.stringify(path.dirname(given))}, { entry: ${JSON.stringify(path.basename(file))} })`;
    throw new Error(`${at}: entry ${given} is a server that Next built, which cannot be bundled; upload it as it is: entry: ${source}`);
  }
}

/** https://nodejs.org/api/packages.html#determining-module-system */
function isModule(file: string, packageFile: string | undefined): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file) || !packageFile) return false;
  return JSON.parse(readFileSync(packageFile, 'utf8')).type === 'module';
}

function nearestPackageFile(directory: string): string | undefined {
  const candidate = path.join(directory, 'package.json');
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : nearestPackageFile(parent);
}

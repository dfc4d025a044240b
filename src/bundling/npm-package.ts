import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type { Metafile } from 'esbuild';

/** An installed package. */
export interface NpmPackage {
  readonly name: string;
  /** Its folder, as far as the path of the file has it. */
  readonly folder: string;
}

/** The package that a file belongs to; undefined for those of the app. Paths have slashes, as those of esbuild. */
export function packageOf(file: string): NpmPackage | undefined {
  const [, folder, name] = /^((?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(file) ?? [];
  return name === undefined ? undefined : { name, folder };
}

/**
 * What to do about a package that works only if it is installed.
 *
 * @param root the folder that the paths of the metafile are relative to
 */
export function adviceToInstall(metafile: Metafile, root: string, wanted: NpmPackage): string {
  const name = packageToInstall(metafile, root, wanted);
  return `add ${JSON.stringify(name)}${name === wanted.name ? '' : ', which depends on it,'} to nodeModules, which installs it for Lambda`;
}

/** The package itself, or the dependency of the app that brings it: with pnpm, an app can import only the latter. */
function packageToInstall({ inputs }: Metafile, root: string, wanted: NpmPackage): string {
  const importers = importersOf(inputs);
  const files = new Set(Object.keys(inputs).filter(file => packageOf(file)?.folder === wanted.folder));
  // The set grows: from the files of the package to those of the app.
  for (const file of files) {
    for (const importer of importers.get(file) ?? []) {
      if (packageOf(importer) === undefined) return canImport(path.resolve(root, importer), wanted.name) ? wanted.name : packageOf(file)!.name;
      files.add(importer);
    }
  }
  return wanted.name;
}

function importersOf(inputs: Metafile['inputs']): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { path: file } of imports) importers.set(file, [...importers.get(file) ?? [], importer]);
  }
  return importers;
}

function canImport(file: string, name: string): boolean {
  return (createRequire(file).resolve.paths(name) ?? []).some(directory => existsSync(path.join(directory, name, 'package.json')));
}

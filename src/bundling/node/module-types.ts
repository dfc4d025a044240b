import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { SelectedFile } from '../select-files';

/**
 * Writes a package.json with the module type of the project, and of the packages that assets come from, where no asset brings one:
 * otherwise Node would take the type of `.js` files from whatever lies above the asset. It has name and version as well, since apps tell
 * their version.
 *
 * @see https://nodejs.org/api/packages.html#type
 */
export function writeModuleTypes(projectRoot: string, assets: readonly SelectedFile[], outputDirectory: string): void {
  const folders = new Set(['.', ...assets.flatMap(({ target }) => foldersAbove(target)).filter(folder => existsSync(path.join(projectRoot, folder, 'package.json')))]);
  for (const folder of folders) {
    const target = path.join(outputDirectory, folder, 'package.json');
    if (assets.some(asset => asset.target === path.posix.join(folder, 'package.json'))) continue;
    // npm has written one if there are nodeModules.
    const { name, version, type } = readPackage(path.join(projectRoot, folder, 'package.json'));
    writeFileSync(target, `${JSON.stringify({ ...readPackage(target), name, version, type }, undefined, 2)}\n`);
  }
}

function foldersAbove(target: string): string[] {
  const parent = path.posix.dirname(target);
  return parent === '.' ? [] : [...foldersAbove(parent), parent];
}

function readPackage(file: string): { name?: unknown; version?: unknown; type?: unknown } {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

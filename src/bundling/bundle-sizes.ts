import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { listFiles } from './list-files';
import { packageOf } from './npm-package';

/** The size of a package in a bundle, or of the files that belong to no package. */
export interface PackageSize {
  /** As in `numpy 2.3.1`, `express`, `the app` or, for a folder of a server, `.next/`. */
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
}

const APP = 'the app';

/**
 * Sums up the files of a bundle by package, the largest first.
 *
 * @param byFolder whether files that belong to no package are listed by the first folder of their path
 */
export function sizesByPackage(directory: string, byFolder = false): PackageSize[] {
  const owners = pythonPackages(directory);
  const sizes = new Map<string, PackageSize>();
  for (const file of listFiles(directory)) {
    const owner = ownerOf(file, owners);
    const name = byFolder && owner === APP && file.includes('/') ? file.slice(0, file.indexOf('/') + 1) : owner;
    const { bytes, files } = sizes.get(name) ?? { bytes: 0, files: 0 };
    sizes.set(name, { name, bytes: bytes + lstatSync(path.join(directory, file)).size, files: files + 1 });
  }
  return [...sizes.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

function ownerOf(file: string, owners: Map<string, string>): string {
  // Bytecode lies in `__pycache__` beside its module.
  const [, folder, module] = /^(.*?)__pycache__\/([^/.]+)\.[^/]*\.pyc$/.exec(file) ?? [];
  const [, info] = /^([^/]+)\.dist-info\//.exec(file) ?? [];
  return packageOf(file)?.name ?? info?.replace('-', ' ') ?? owners.get(module === undefined ? file : `${folder}${module}.py`) ?? APP;
}

/**
 * The package of each file that pip or uv installed.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
function pythonPackages(directory: string): Map<string, string> {
  const owners = new Map<string, string>();
  for (const info of readdirSync(directory).filter(name => name.endsWith('.dist-info'))) {
    const record = path.join(directory, info, 'RECORD');
    if (!existsSync(record)) continue;
    const name = info.slice(0, -'.dist-info'.length).replace('-', ' ');
    for (const line of readFileSync(record, 'utf8').split(/\r?\n/)) {
      owners.set(/^"(.*)",[^,]*,[^,]*$/.exec(line)?.[1].replace(/""/g, '"') ?? line.replace(/,[^,]*,[^,]*$/, ''), name);
    }
  }
  return owners;
}

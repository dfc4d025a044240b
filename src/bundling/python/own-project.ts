import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { BuiltPackage, findBuiltPackages } from './built-packages';
import { PackagesOf } from './packages-of';

/**
 * The folder of the app's own project, if it must be built for its metadata: the app reads metadata, and the lock file did not install
 * the project. uv.lock says itself whether the project is a package.
 */
export function findOwnProject({ dependencies, project, root }: PackagesOf, packages: string): string | undefined {
  if (project === undefined || dependencies?.kind === 'uv.lock') return undefined;
  const isPackage = Object.keys(DEFINES_PACKAGE).some(name => {
    const file = path.join(project, name);
    return existsSync(file) && DEFINES_PACKAGE[name].test(readFileSync(file, 'utf8'));
  });
  if (!isPackage || findBuiltPackages(packages).some(({ directory }) => directory === project)) return undefined;
  return readsMetadata(root) ? project : undefined;
}

/** The build system alone has no name to ask metadata for. */
const DEFINES_PACKAGE: { [file: string]: RegExp } = {
  'pyproject.toml': /^\[build-system\][\s\S]*^\[(?:project|tool\.poetry)\]|^\[(?:project|tool\.poetry)\][\s\S]*^\[build-system\]/m,
  'setup.cfg': /^\[metadata\]/m,
  'setup.py': /^/,
};

/** Not in a comment. */
const READS_METADATA = /^[^#\n]*\b(?:importlib[._]metadata|pkg_resources)\b/m;

/** Reads only what is probably uploaded: environments and folders of tools have many modules that read metadata. */
function readsMetadata(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some(entry => {
    const file = path.join(folder, entry.name);
    if (entry.isFile()) return entry.name.endsWith('.py') && READS_METADATA.test(readFileSync(file, 'utf8'));
    return entry.isDirectory() && !NOT_OF_THE_APP.test(entry.name) && !existsSync(path.join(file, 'pyvenv.cfg')) && readsMetadata(file);
  });
}

const NOT_OF_THE_APP = /^(?:\..*|node_modules|cdk\.out|site-packages|tests?|docs|build)$/;

/**
 * Of the app's own project, only what is made by the build is taken from the wheel: its metadata, and files that the sources do not have.
 * The sources are copied from the root, by the rules for what is uploaded.
 */
export function dropSources({ project, root }: PackagesOf, built: BuiltPackage[], packages: string): void {
  for (const { directory, info } of built) {
    if (project === undefined || directory === undefined || realpathSync(directory) !== realpathSync(project)) continue;
    const record = readFileSync(path.join(packages, info, 'RECORD'), 'utf8');
    for (const name of record.split(/\r?\n/).map(line => line.replace(/,[^,]*,[^,]*$/, '').replace(/^"|"$/g, ''))) {
      if (name !== '' && !name.startsWith('..') && existsSync(path.join(root, name))) rmSync(path.join(packages, name), { force: true });
    }
  }
}

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { findPackageManager, PackageManager } from './package-manager';
import { withScratchFolder } from '../scratch-folder';

/** What is installed, and how. */
export interface NodeModules {
  readonly packages: string[];
  /** The file that imports the packages. */
  readonly entry: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
  readonly ignoreScripts?: boolean;
}

/**
 * Installs packages that cannot be bundled: in the versions that the app uses, for Linux and the architecture of the function. What they
 * depend on comes from the lock file of the project.
 */
export function installNodeModules(
  constructPath: string,
  { packages, entry, architecture, ignoreScripts = false }: NodeModules,
  outputDirectory: string,
): void {
  const manager = findPackageManager(constructPath, entry, architecture === 'arm64' ? 'arm64' : 'x64', ignoreScripts);
  const dependencies = Object.fromEntries(packages.map(name => [name, installedVersion(constructPath, name, entry, manager)]));
  // Not in the output: the settings of the package manager may hold secrets, and would replace files of the app.
  withScratchFolder(directory => {
    const manifest = JSON.stringify({ private: true, dependencies }, undefined, 2);
    writeFileSync(path.join(directory, 'package.json'), manifest);
    for (const [file, text] of Object.entries(manager.settings)) writeFileSync(path.join(directory, file), text);
    for (const file of [manager.lockFile, nearest('.npmrc', path.dirname(entry))]) {
      if (file) copyFileSync(file, path.join(directory, path.basename(file)));
    }
    install(constructPath, manager, packages, directory);
    const modules = path.join(directory, 'node_modules');
    sayWhichScriptsRan(constructPath, modules, ignoreScripts);
    // They contain times and paths, which would change the asset hash.
    for (const name of readdirSync(modules).filter(entryName => /^\.(?!bin$)/.test(entryName))) rmSync(path.join(modules, name), { recursive: true, force: true });
    cpSync(modules, path.join(outputDirectory, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    // The app may have a package.json among its assets.
    if (!existsSync(path.join(outputDirectory, 'package.json'))) writeFileSync(path.join(outputDirectory, 'package.json'), manifest);
  });
}

function install(constructPath: string, manager: PackageManager, packages: string[], directory: string): void {
  if (manager.lockFile === undefined) {
    process.stderr.write(`${constructPath}: there is no lock file, so the packages that ${packages.join(', ')} need are installed in their newest versions\n`);
  }
  const done = spawnSync(manager.name, manager.install, { cwd: directory, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.error || done.status !== 0) {
    throw new Error(`${constructPath}: cannot install nodeModules ${packages.join(', ')}: ${manager.name} ${manager.install.join(' ')} failed: `
      + (done.error ? `${done.error.message}; ${manager.lockFile} needs ${manager.name}` : `${done.stderr}${manager.name === 'npm' ? '' : done.stdout}`.trim()));
  }
}

/** Install scripts are code of others, which runs on this machine with all rights of the user. */
function sayWhichScriptsRan(constructPath: string, modules: string, ignoreScripts: boolean): void {
  const names = packagesIn(modules).filter(name => {
    const { scripts = {} } = JSON.parse(readFileSync(path.join(modules, name, 'package.json'), 'utf8'));
    return ['preinstall', 'install', 'postinstall'].some(script => script in scripts) || existsSync(path.join(modules, name, 'binding.gyp'));
  });
  if (names.length === 0) return;
  process.stderr.write(ignoreScripts
    ? `${constructPath}: the install scripts of ${names.join(', ')} did not run, because of ignoreScripts\n`
    : `${constructPath}: packages with install scripts were installed: ${names.join(', ')}; ignoreScripts: true forbids the scripts\n`);
}

function packagesIn(modules: string): string[] {
  const names = readdirSync(modules).filter(name => !name.startsWith('.'));
  const scoped = names.filter(name => name.startsWith('@')).flatMap(scope => readdirSync(path.join(modules, scope)).map(name => `${scope}/${name}`));
  return [...names.filter(name => !name.startsWith('@')), ...scoped].filter(name => existsSync(path.join(modules, name, 'package.json'))).sort();
}

/** Reads the package.json as a file, because the `exports` of a package may hide it from `require`. */
function installedVersion(constructPath: string, name: string, entry: string, manager: PackageManager): string {
  for (const directory of createRequire(entry).resolve.paths(name) ?? []) {
    const packageFile = path.join(directory, name, 'package.json');
    if (existsSync(packageFile)) return JSON.parse(readFileSync(packageFile, 'utf8')).version;
  }
  throw new Error(`${constructPath}: nodeModules names ${JSON.stringify(name)}, which ${entry} cannot import, because it is not installed; run: ${manager.name} ${manager.name === 'npm' ? 'install' : 'add'} ${name}`);
}

function nearest(name: string, directory: string): string | undefined {
  const candidate = path.join(directory, name);
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : nearest(name, parent);
}

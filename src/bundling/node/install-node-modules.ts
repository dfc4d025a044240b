import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

/** Installs packages that cannot be bundled: in the versions that the app uses, for Linux and the architecture of the function. */
export function installNodeModules(
  constructPath: string,
  packages: string[],
  entry: string,
  architecture: string,
  outputDirectory: string,
): void {
  const dependencies = Object.fromEntries(packages.map(name => [name, installedVersion(constructPath, name, entry)]));
  const packageFile = path.join(outputDirectory, 'package.json');
  // The app may have a package.json among its assets.
  const ofApp = existsSync(packageFile) ? readFileSync(packageFile) : undefined;
  writeFileSync(packageFile, JSON.stringify({ private: true, dependencies }, undefined, 2));
  const npmrc = path.join(outputDirectory, '.npmrc');
  const npmrcOfApp = nearest('.npmrc', path.dirname(entry));
  if (npmrcOfApp) copyFileSync(npmrcOfApp, npmrc);

  const cpu = architecture === 'arm64' ? 'arm64' : 'x64';
  const command = ['install', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock', '--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
  const npm = spawnSync('npm', command, { cwd: outputDirectory, encoding: 'utf8', shell: process.platform === 'win32' });
  // The .npmrc may contain a secret, and npm's lock file contains values that would change the asset hash.
  rmSync(npmrc, { force: true });
  rmSync(path.join(outputDirectory, 'node_modules/.package-lock.json'), { force: true });
  if (npm.error || npm.status !== 0) {
    throw new Error(`${constructPath}: cannot install nodeModules ${packages.join(', ')}: npm ${command.join(' ')} failed: `
      + `${npm.error?.message ?? npm.stderr.trim()}`);
  }
  if (ofApp) writeFileSync(packageFile, ofApp);
}

/** Reads the package.json as a file, because the `exports` of a package may hide it from `require`. */
function installedVersion(constructPath: string, name: string, entry: string): string {
  for (const directory of createRequire(entry).resolve.paths(name) ?? []) {
    const packageFile = path.join(directory, name, 'package.json');
    if (existsSync(packageFile)) return JSON.parse(readFileSync(packageFile, 'utf8')).version;
  }
  throw new Error(`${constructPath}: nodeModules names ${JSON.stringify(name)}, which ${entry} cannot import, because it is not installed; run: npm install ${name}`);
}

function nearest(name: string, directory: string): string | undefined {
  const candidate = path.join(directory, name);
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : nearest(name, parent);
}

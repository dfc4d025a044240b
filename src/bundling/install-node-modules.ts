import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

/** Installs packages that cannot be bundled, in the versions that the app uses, for the machine that Lambda has. */
export function installNodeModules(
  constructPath: string,
  packages: string[],
  entry: string,
  architecture: string,
  outputDirectory: string,
): void {
  const dependencies = Object.fromEntries(packages.map(name => [name, installedVersion(constructPath, name, entry)]));
  const packageFile = path.join(outputDirectory, 'package.json');
  // It may be one of the files that the app reads.
  const ofApp = existsSync(packageFile) ? readFileSync(packageFile) : undefined;
  writeFileSync(packageFile, JSON.stringify({ private: true, dependencies }, undefined, 2));
  const npmrc = path.join(outputDirectory, '.npmrc');
  const npmrcOfApp = nearest('.npmrc', path.dirname(entry));
  if (npmrcOfApp) copyFileSync(npmrcOfApp, npmrc);

  const cpu = architecture === 'arm64' ? 'arm64' : 'x64';
  const command = ['install', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock', '--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
  const npm = spawnSync('npm', command, { cwd: outputDirectory, encoding: 'utf8', shell: process.platform === 'win32' });
  // It may hold a secret; and npm's notes name what would change the asset's hash.
  rmSync(npmrc, { force: true });
  rmSync(path.join(outputDirectory, 'node_modules/.package-lock.json'), { force: true });
  if (npm.error || npm.status !== 0) {
    throw new Error(`${constructPath}: cannot install nodeModules ${packages.join(', ')}: npm ${command.join(' ')} failed: `
      + `${npm.error?.message ?? npm.stderr.trim()}`);
  }
  if (ofApp) writeFileSync(packageFile, ofApp);
}

/** Not through `require`: a package's `exports` may hide its package.json. */
function installedVersion(constructPath: string, name: string, entry: string): string {
  for (const directory of createRequire(entry).resolve.paths(name) ?? []) {
    const packageFile = path.join(directory, name, 'package.json');
    if (existsSync(packageFile)) return JSON.parse(readFileSync(packageFile, 'utf8')).version;
  }
  throw new Error(`${constructPath}: nodeModules names ${JSON.stringify(name)}, which is not installed where ${entry} could import it; run: npm install ${name}`);
}

function nearest(name: string, directory: string): string | undefined {
  const candidate = path.join(directory, name);
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : nearest(name, parent);
}

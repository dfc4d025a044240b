import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** The tool that installs packages, as the lock file of the project says. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  /** The lock file, if there is one. */
  readonly lockFile?: string;
  /** The arguments that install into the working directory, without links to a store and for Lambda. */
  readonly install: string[];
  /** Files that tell the tool for which machine it installs, by name. */
  readonly settings: { [file: string]: string };
}

const LOCK_FILES: { [file: string]: PackageManager['name'] } = {
  'npm-shrinkwrap.json': 'npm',
  'package-lock.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
};

/**
 * Finds the package manager of a project by the nearest lock file above the entry, in a monorepo the one at its root. Without a lock file
 * it is npm.
 */
export function findPackageManager(constructPath: string, entry: string, cpu: 'arm64' | 'x64', ignoreScripts: boolean): PackageManager {
  const lockFile = findLockFile(constructPath, path.dirname(entry));
  const name = lockFile === undefined ? 'npm' : LOCK_FILES[path.basename(lockFile)];
  const scripts = ignoreScripts ? ['--ignore-scripts'] : [];
  switch (name) {
    case 'npm':
      // Not `npm ci`, which refuses a lock file that has more packages than these.
      return { name, lockFile, install: ['install', '--omit=dev', '--no-audit', '--no-fund', '--os=linux', `--cpu=${cpu}`, '--libc=glibc', ...scripts], settings: {} };
    case 'pnpm':
      return {
        name,
        lockFile,
        install: ['install', '--prod', '--config.node-linker=hoisted', '--config.package-import-method=clone-or-copy', '--no-prefer-frozen-lockfile',
          '--no-frozen-lockfile', ...scripts],
        settings: { 'pnpm-workspace.yaml': JSON.stringify({ supportedArchitectures: { os: ['linux'], cpu: [cpu], libc: ['glibc'] } }) },
      };
    case 'yarn':
      return isBerry(lockFile!)
        ? {
          name,
          lockFile,
          install: ['install', '--no-immutable', ...ignoreScripts ? ['--mode=skip-build'] : []],
          settings: { '.yarnrc.yml': JSON.stringify({ nodeLinker: 'node-modules', nmMode: 'classic', supportedArchitectures: { os: ['linux'], cpu: [cpu], libc: ['glibc'] } }) },
        }
        : { name, lockFile, install: ['install', '--production', '--non-interactive', ...scripts], settings: {} };
  }
}

function findLockFile(constructPath: string, directory: string): string | undefined {
  const found = Object.keys(LOCK_FILES).map(name => path.join(directory, name)).filter(file => existsSync(file));
  const managers = new Set(found.map(file => LOCK_FILES[path.basename(file)]));
  if (managers.size > 1) {
    throw new Error(`${constructPath}: nodeModules cannot be installed, because ${directory} has lock files of several package managers, `
      + `${found.map(file => path.basename(file)).join(' and ')}; remove those that are not used`);
  }
  if (found.length > 0) return found[0];
  const parent = path.dirname(directory);
  return parent === directory ? undefined : findLockFile(constructPath, parent);
}

/** Yarn 2 and later have another format than Yarn 1. */
function isBerry(lockFile: string): boolean {
  return /^__metadata:/m.test(readFileSync(lockFile, 'utf8'));
}

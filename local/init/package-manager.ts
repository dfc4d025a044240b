import * as fs from 'node:fs';
import * as path from 'node:path';

/** How a project's package manager is called. */
export interface PackageManager {
  readonly install: string;
  /** Runs a command of an installed package. */
  readonly execute: string;
  /** Runs a script of package.json. */
  readonly run: string;
}

const BY_LOCK_FILE: [file: string, manager: PackageManager][] = [
  ['pnpm-lock.yaml', { install: 'pnpm install', execute: 'pnpm exec', run: 'pnpm run' }],
  ['yarn.lock', { install: 'yarn install', execute: 'yarn', run: 'yarn run' }],
  ['bun.lock', { install: 'bun install', execute: 'bunx', run: 'bun run' }],
  ['bun.lockb', { install: 'bun install', execute: 'bunx', run: 'bun run' }],
];

const NPM: PackageManager = { install: 'npm install', execute: 'npx', run: 'npm run' };

/** Finds the package manager of a project by its lock file, which a workspace has at its top. */
export function packageManagerOf(directory: string): PackageManager {
  if (fs.existsSync(path.join(directory, 'package-lock.json'))) return NPM;
  const found = BY_LOCK_FILE.find(([file]) => fs.existsSync(path.join(directory, file)))?.[1];
  if (found) return found;
  const parent = path.dirname(directory);
  return parent === directory || fs.existsSync(path.join(directory, '.git')) ? NPM : packageManagerOf(parent);
}

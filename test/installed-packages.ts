/**
 * A folder of packages of npm for tests, installed from a lock file.
 *
 * @slow installs packages from npm
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

const QUIET = { NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1', CI: '1' };

/**
 * Copies the sources, which have a package.json and a lock file, to the folder and installs there, where the lock file is another one than
 * that of the last time: all else in the folder is removed then. Not `npm ci`: it refuses lock files that lack the optional packages of other systems,
 * https://github.com/npm/cli/issues/4828.
 */
export function installPackages(sources: string, folder: string, ...options: readonly string[]): void {
  const stamp = path.join(folder, 'installed.txt');
  const lockFile = readFileSync(path.join(sources, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockFile) {
    return;
  }
  rmSync(folder, { recursive: true, force: true });
  cpSync(sources, folder, { recursive: true });
  npm(folder, 'install', '--no-audit', '--no-fund', ...options);
  writeFileSync(stamp, lockFile);
}

/** npm on the Node that runs the tests, without Jest's `NODE_ENV`, which builds would take as theirs. */
export function npm(folder: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...QUIET, NODE_ENV: undefined, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}` },
  });
  if (status !== 0) {
    throw new Error(`npm ${args.join(' ')} failed in ${folder}:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
  }
}

/**
 * Sites of frameworks, built as their users build them.
 *
 * @slow installs the packages of a framework and runs its build
 */
import { ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { freePort } from '../../local/free-port';
import { installPackages, npm } from '../installed-packages';

const ROOT = path.join(__dirname, '../..');

/** The page of a framework in docs/. */
export function pageOf(framework: string): string {
  return path.join(ROOT, `docs/frameworks/${framework}.md`);
}

/**
 * Copies the sources of a site out of this project, installs its packages and builds it, each only where something changed.
 *
 * @returns the folder of the built site
 */
export function buildSite(framework: string): string {
  const sources = path.join(__dirname, framework);
  const folder = path.join(ROOT, '.cache/frameworks', framework);
  const stamp = path.join(folder, 'built.txt');
  const hash = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return folder;
  installPackages(sources, folder);
  for (const name of readdirSync(folder)) {
    if (!['node_modules', 'installed.txt'].includes(name)) rmSync(path.join(folder, name), { recursive: true });
  }
  cpSync(sources, folder, { recursive: true });
  npm(folder, 'run', 'build');
  writeFileSync(stamp, hash);
  return folder;
}

function hashOf(directory: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())) {
    hash.update(entry.name).update(readFileSync(path.join(entry.parentPath, entry.name)));
  }
  return hash.digest('hex');
}

/** The framework's own server, as its documentation starts it. */
export interface OwnServer {
  /** Makes the folder ready, where the documentation wants files to be copied. Returns the working directory. */
  readonly prepare?: (folder: string) => string;
  readonly args: string[];
  readonly environment?: NodeJS.ProcessEnv;
}

const children: ChildProcess[] = [];

afterAll(async () => {
  await Promise.all(children.map(async (child) => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }));
});

/** Starts the framework's own server on a free port until the tests of the file end, and returns its URL. */
export async function startOwnServer(folder: string, { prepare, args, environment }: OwnServer): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    cwd: prepare ? prepare(folder) : folder,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(port), HOST: '0.0.0.0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output = (output + chunk).slice(-4000); });
  const url = `http://127.0.0.1:${port}/`;
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (child.exitCode !== null) break;
    if (await fetch(`${url}door.png`).then(() => true, () => false)) return url;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${args.join(' ')} did not start:\n${output}`);
}

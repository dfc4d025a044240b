import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { PYTHON } from './python-project';
import { scratchFolder } from '../../synthesis';

const SCRIPT = path.join(__dirname, 'package_index.py');

/** Package indexes on this machine: one named `public`, and one named `private` that wants credentials. */
export class PackageIndex {
  /** Starts a server, and ends it after the tests of the file. */
  public static async start(): Promise<PackageIndex> {
    const folder = scratchFolder();
    const server = spawn(PYTHON.executable, [SCRIPT, 'serve', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = await new Promise<string>((resolve, reject) => {
      server.stdout.once('data', data => resolve(String(data).trim()));
      server.once('exit', code => reject(new Error(`the index ended with ${code}`)));
    });
    return new PackageIndex(folder, `http://127.0.0.1:${port}`, server);
  }

  private constructor(private readonly folder: string, public readonly url: string, private readonly server: ChildProcess) {}

  public stop(): void {
    this.server.kill();
  }

  public simple(index: 'public' | 'private'): string {
    return `${this.url}/${index}/simple`;
  }

  /** Adds a package with one module of the same name. */
  public add(index: 'public' | 'private', kind: 'wheel' | 'sdist', name: string, version: string, text: string, tag = 'py3-none-any'): void {
    const done = spawnSync(PYTHON.executable, [SCRIPT, kind, path.join(this.folder, index), name, version, text, tag], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  }

  /** The hash of a file, as lock files have it. */
  public hash(index: 'public' | 'private', file: string): string {
    return `sha256:${createHash('sha256').update(readFileSync(path.join(this.folder, index, file))).digest('hex')}`;
  }
}

/** Runs a tool in a project, and throws if it fails. */
export function runTool(cwd: string, command: string, args: string[]): void {
  const done = spawnSync(command, args, { cwd, env: process.env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
}

/** Sets variables for one test. */
export function withVariables(variables: { [name: string]: string }): void {
  for (const [name, value] of Object.entries(variables)) {
    changed.set(name, process.env[name]);
    process.env[name] = value;
  }
}

const changed = new Map<string, string | undefined>();
afterEach(() => {
  for (const [name, value] of changed) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  changed.clear();
});

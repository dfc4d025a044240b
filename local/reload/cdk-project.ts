import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { atExit, notAtExit } from '../at-exit';

/** The languages of CDK apps, and their settings. */
const STACK_FILE = /\.([cm]?tsx?|[cm]?jsx?|py|java|kt|go|cs|fs)$|^cdk(\.context)?\.json$/;
const TEST_FILE = /(^|[\\/])(tests?|__tests__|__snapshots__)[\\/]|\.(test|spec)\.[^.]+$|(^|[\\/])test_[^\\/]*\.py$/;

/** The CDK app that a cloud assembly comes from. */
export class CdkProject {
  /** Returns undefined if there is no cdk.json beside the assembly, and none in the working directory. */
  static find(assembly: string): CdkProject | undefined {
    const directory = [path.dirname(path.resolve(assembly)), process.cwd()].find((folder) => fs.existsSync(path.join(folder, 'cdk.json')));
    return directory === undefined ? undefined : new CdkProject(directory, path.resolve(assembly));
  }

  private child?: ChildProcess;

  private constructor(readonly directory: string, private readonly assembly: string) {}

  /** Whether this file is one of the stack's sources, as far as its name says. */
  isStackFile(file: string): boolean {
    const inProject = path.relative(this.directory, file);
    return !inProject.startsWith('..') && STACK_FILE.test(path.basename(file)) && !TEST_FILE.test(inProject);
  }

  /** Whether the command in cdk.json names this file. */
  isMainFile(file: string): boolean {
    try {
      const { app } = JSON.parse(fs.readFileSync(path.join(this.directory, 'cdk.json'), 'utf8')) as { app?: string };
      return (app ?? '').split(/\s+/).some((word) => word !== '' && path.resolve(this.directory, word) === file);
    } catch {
      return false;
    }
  }

  /**
   * Runs `cdk synth`.
   *
   * @throws when it fails, with what it printed
   */
  async synthesize(): Promise<void> {
    const [program, ...args] = this.command();
    const child = spawn(program, [...args, 'synth', '--quiet', '--no-notices', '--output', this.assembly], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, which can be ended with the CDK app that the command starts.
      detached: process.platform !== 'win32',
      env: { ...process.env, PATH: [...this.commandFolders(), process.env.PATH].join(path.delimiter) },
    });
    this.child = child;
    atExit(this.kill);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
    const failure = await new Promise<string | undefined>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code) => resolve(code === 0 ? undefined : output.trim() || `exit code ${code}`));
    });
    notAtExit(this.kill);
    this.child = undefined;
    if (failure !== undefined) throw new Error(`cdk synth failed in ${this.directory}:\n${failure}`);
  }

  readonly kill = (): void => {
    const pid = this.child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // All have ended.
    }
  };

  /** Where npm would look for a command, such as ts-node: in a monorepo it is in a folder above the project. */
  private commandFolders(): string[] {
    const folders: string[] = [];
    for (let folder = this.directory; ; folder = path.dirname(folder)) {
      folders.push(path.join(folder, 'node_modules/.bin'));
      if (path.dirname(folder) === folder) return folders;
    }
  }

  /** The CDK's command line of the project, or whichever npx finds. */
  private command(): string[] {
    try {
      return [process.execPath, createRequire(path.join(this.directory, 'package.json')).resolve('aws-cdk/bin/cdk')];
    } catch {
      return [process.platform === 'win32' ? 'npx.cmd' : 'npx', 'cdk'];
    }
  }
}

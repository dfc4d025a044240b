import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { WebAppFunction } from '../assembly/web-app-functions';
import { Terminal } from '../terminal';

/** Where a function's code lies on Lambda. */
const TASK_ROOT = '/var/task/';

/**
 * Finds the programs that run functions on this machine: Node.js functions run on the Node.js that runs this,
 * Python functions on the Python of their version, or else on any Python 3. The terminal is told where the version is another.
 */
export class RuntimeCommands {
  private readonly interpreters = new Map<string, string>();

  /**
   * @param clientDirectory where the runtime clients lie
   */
  constructor(private readonly clientDirectory: string, private readonly terminal: Terminal) {}

  /**
   * The program that runs a function's code, and its arguments.
   *
   * @throws when there is no Python, or the runtime is of another language
   */
  commandFor(webApp: WebAppFunction): string[] {
    const command = [this.interpreterFor(webApp), path.join(this.clientDirectory, isNode(webApp.runtime) ? 'node-client.js' : 'python_client.py')];
    // Lambda starts its own runtime through this program, which may start another instead.
    // https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
    const wrapper = webApp.environment.AWS_LAMBDA_EXEC_WRAPPER;
    if (wrapper === undefined) return command;
    const file = wrapper.startsWith(TASK_ROOT) ? path.join(webApp.codeDirectory, wrapper.slice(TASK_ROOT.length)) : wrapper;
    if (!existsSync(file)) {
      throw new Error(`${webApp.path}: AWS_LAMBDA_EXEC_WRAPPER names ${wrapper}, which is not there`);
    }
    return [file, ...command];
  }

  private interpreterFor(webApp: WebAppFunction): string {
    const known = this.interpreters.get(webApp.runtime);
    if (known !== undefined) return known;
    const interpreter = isNode(webApp.runtime) ? this.findNode(webApp.runtime) : this.findPython(webApp);
    this.interpreters.set(webApp.runtime, interpreter);
    return interpreter;
  }

  private findNode(runtime: string): string {
    if (runtime !== `nodejs${process.versions.node.split('.')[0]}.x`) {
      this.terminal.error(`${runtime} functions run on Node.js ${process.versions.node} here`);
    }
    return process.execPath;
  }

  private findPython({ path: constructPath, runtime }: WebAppFunction): string {
    if (!runtime.startsWith('python')) {
      throw new Error(`${constructPath}: its runtime ${runtime} cannot be served; nodejs and python runtimes can`);
    }
    const found = runs(runtime) ? runtime : managedPython(runtime.replace('python', ''));
    if (found !== undefined && runs(found)) return found;
    const other = ['python3', 'python'].find(runs);
    if (!other) {
      throw new Error(`${constructPath}: no Python for ${runtime}: none of ${runtime}, python3, python runs on this machine`);
    }
    this.terminal.error(`there is no ${runtime} on this machine: ${other} runs its functions instead, `
      + 'on which packages that are compiled for the other version cannot be loaded');
    return other;
  }
}

function isNode(runtime: string): boolean {
  return runtime.startsWith('nodejs');
}

/** A version manager's shim exists for versions that are not installed: only running it tells. */
function runs(command: string): boolean {
  return spawnSync(command, ['-c', 'import sys; assert sys.version_info >= (3, 8)'], { env: process.env }).status === 0;
}

/** One that is installed, but not the one that its manager has on PATH. */
function managedPython(version: string): string | undefined {
  const [newest] = (ask('pyenv', ['versions', '--bare']) ?? '').split(/\s+/).filter((installed) => installed.startsWith(`${version}.`)).reverse();
  const prefix = newest && ask('pyenv', ['prefix', newest]);
  return prefix ? path.join(prefix, 'bin/python') : ask('uv', ['python', 'find', '--no-python-downloads', version]);
}

function ask(command: string, args: string[]): string | undefined {
  return spawnSync(command, args, { encoding: 'utf8', env: process.env }).stdout?.trim() || undefined;
}

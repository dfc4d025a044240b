import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { WebAppFunction } from '../assembly/web-app-functions';
import { debuggerArguments } from '../debug/debuggers';

/** The folder of a function's code on Lambda. */
const TASK_ROOT = '/var/task/';

/**
 * Finds the programs that run functions on this machine. Node.js functions run on the Node.js of this process,
 * Python functions on the Python of their version or, if it is not installed, on another Python 3.
 * The user is told when the version is not the function's.
 */
export class RuntimeCommands {
  private readonly interpreters = new Map<string, string>();

  /**
   * @param clientDirectory the folder of the runtime clients
   */
  constructor(private readonly clientDirectory: string, private readonly notice: (message: string) => void) {}

  /**
   * Returns the program that runs a function's code, and its arguments.
   *
   * @param debuggerPort where the process listens for a debugger, if it does
   * @throws when Python is not installed, or debugpy, or the runtime is not Node.js or Python
   */
  commandFor(webApp: WebAppFunction, codeDirectory: string, debuggerPort?: number): string[] {
    const interpreter = this.interpreterFor(webApp);
    const debugging = debuggerPort === undefined ? [] : debuggerArguments(webApp, interpreter, debuggerPort);
    const command = [interpreter, ...debugging, path.join(this.clientDirectory, isNode(webApp.runtime) ? 'node-client.js' : 'python_client.py')];
    // Lambda starts this program, with the command of its own runtime as arguments.
    // https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
    const wrapper = webApp.environment.AWS_LAMBDA_EXEC_WRAPPER;
    if (wrapper === undefined) return command;
    const file = wrapper.startsWith(TASK_ROOT) ? path.join(codeDirectory, wrapper.slice(TASK_ROOT.length)) : wrapper;
    if (!existsSync(file)) {
      throw new Error(`${webApp.path}: AWS_LAMBDA_EXEC_WRAPPER is ${wrapper}, which does not exist`);
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
      this.notice(`${runtime} functions run on Node.js ${process.versions.node} here`);
    }
    return process.execPath;
  }

  private findPython({ path: constructPath, runtime }: WebAppFunction): string {
    if (!runtime.startsWith('python')) {
      throw new Error(`${constructPath}: cannot serve the runtime ${runtime}; use a nodejs or python runtime`);
    }
    const found = runs(runtime) ? runtime : managedPython(runtime.replace('python', ''));
    if (found !== undefined && runs(found)) return found;
    const other = ['python3', 'python'].find(runs);
    if (!other) {
      throw new Error(`${constructPath}: cannot find a Python for ${runtime}: neither ${runtime}, python3 nor python runs; install one`);
    }
    this.notice(`${runtime} is not installed: its functions run on ${other}, `
      + 'which cannot load packages that are compiled for another version');
    return other;
  }
}

function isNode(runtime: string): boolean {
  return runtime.startsWith('nodejs');
}

/** Whether a command runs: version managers have commands for versions that are not installed. */
function runs(command: string): boolean {
  return spawnSync(command, ['-c', 'import sys; assert sys.version_info >= (3, 8)'], { env: process.env }).status === 0;
}

/** Finds a Python that pyenv or uv has installed but that is not on PATH. */
function managedPython(version: string): string | undefined {
  const [newest] = (ask('pyenv', ['versions', '--bare']) ?? '').split(/\s+/).filter((installed) => installed.startsWith(`${version}.`)).reverse();
  const prefix = newest && ask('pyenv', ['prefix', newest]);
  return prefix ? path.join(prefix, 'bin/python') : ask('uv', ['python', 'find', '--no-python-downloads', version]);
}

function ask(command: string, args: string[]): string | undefined {
  return spawnSync(command, args, { encoding: 'utf8', env: process.env }).stdout?.trim() || undefined;
}

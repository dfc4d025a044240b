import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { WebAppFunction } from './assembly/web-app-functions';

/** Where a function's code lies on Lambda. */
const TASK_ROOT = '/var/task/';

/**
 * The command that runs a function's code on this machine: Node.js functions on the Node.js that runs this,
 * Python functions on the Python of their version, or else on any Python 3.
 *
 * @param clientDirectory where the runtime clients lie
 * @throws when there is no Python, or the runtime is of another language
 */
export function runtimeCommand(webApp: WebAppFunction, clientDirectory: string): string[] {
  const command = languageCommand(webApp, clientDirectory);
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

function languageCommand(webApp: WebAppFunction, clientDirectory: string): string[] {
  if (webApp.runtime.startsWith('nodejs')) {
    return [process.execPath, path.join(clientDirectory, 'node-client.js')];
  }
  if (webApp.runtime.startsWith('python')) {
    return [findPython(webApp), path.join(clientDirectory, 'python_client.py')];
  }
  throw new Error(`${webApp.path}: its runtime ${webApp.runtime} cannot be served; nodejs and python runtimes can`);
}

function findPython(webApp: WebAppFunction): string {
  // A version manager's shim exists for versions that are not installed: only running it tells.
  const runs = (candidate: string) => spawnSync(candidate, ['-c', 'import sys; assert sys.version_info >= (3, 8)'], { env: process.env }).status === 0;
  const candidates = [webApp.runtime, managedPython(webApp.runtime.replace('python', ''))].filter((candidate) => candidate !== undefined);
  const found = candidates.find(runs);
  if (found) return found;
  const other = ['python3', 'python'].find(runs);
  if (!other) {
    throw new Error(`${webApp.path}: no Python for ${webApp.runtime}: none of ${webApp.runtime}, python3, python runs on this machine`);
  }
  process.stderr.write(`${webApp.path}: there is no ${webApp.runtime} on this machine; ${other} runs the function instead, `
    + 'on which packages that are compiled for the other version cannot be loaded\n');
  return other;
}

/** One that is installed, but not the one that its manager has on PATH. */
function managedPython(version: string): string | undefined {
  const ask = (command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8', env: process.env }).stdout?.trim() || undefined;
  const [newest] = (ask('pyenv', ['versions', '--bare']) ?? '').split(/\s+/).filter((installed) => installed.startsWith(`${version}.`)).reverse();
  const prefix = newest && ask('pyenv', ['prefix', newest]);
  return prefix ? path.join(prefix, 'bin/python') : ask('uv', ['python', 'find', '--no-python-downloads', version]);
}

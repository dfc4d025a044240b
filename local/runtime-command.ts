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
  const candidates = [webApp.runtime, 'python3', 'python'];
  // A version manager's shim exists for versions that are not installed: only running it tells.
  const found = candidates.find((candidate) => spawnSync(candidate, ['-c', 'import sys; assert sys.version_info >= (3, 8)']).status === 0);
  if (!found) {
    throw new Error(`${webApp.path}: no Python for ${webApp.runtime}: none of ${candidates.join(', ')} runs on this machine`);
  }
  return found;
}

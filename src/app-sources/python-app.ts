import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { _ScriptConfig, AppSourceBindOptions, AppSourceConfig } from './app-source-config';
import { EXEC_WRAPPER, reasonForLoop, refuseSnapStart, STREAM_RESPONSES } from './python-streaming';
import { isFile } from '../bundling/file-kinds';
import { bundlePythonApp } from '../bundling/python/bundle-python-app';
import { PythonAppOptions } from '../bundling/python/python-app-options';
import { findPythonEntry } from '../bundling/python/python-entry';

/** The runtime of a Python app if the user chose none. */
export const PYTHON_RUNTIME = lambda.Runtime.PYTHON_3_13;

/** Bundles a Python app, and makes it stream if it is to. */
export function bindPythonApp(scope: Construct, entry: string, appOptions: PythonAppOptions, options: AppSourceBindOptions): AppSourceConfig {
  const { runtime = PYTHON_RUNTIME, architecture, responseStreaming, backgroundWork } = options;
  if (runtime.family !== lambda.RuntimeFamily.PYTHON) {
    throw new Error(`${scope.node.path}: ${entry} is a Python app and cannot run on ${runtime.name}; choose a python runtime or drop runtime`);
  }
  return {
    ...bundlePythonApp(scope, entry, appOptions, runtime, architecture),
    runtime,
    environment: responseStreaming || backgroundWork ? loopEnvironment(scope, options) : undefined,
  };
}

function loopEnvironment(scope: Construct, options: AppSourceBindOptions): { [name: string]: string } {
  const wrapper = options.environment?.[EXEC_WRAPPER];
  if (wrapper !== undefined) {
    throw new Error(`${scope.node.path}: with ${reasonForLoop(options)} a Python app needs ${EXEC_WRAPPER} for itself, but environment sets it to `
      + `${JSON.stringify(wrapper)}; drop one of them`);
  }
  refuseSnapStart(scope, options);
  return { [EXEC_WRAPPER]: STREAM_RESPONSES };
}

/** Finds a script among the files of the app, all of which are uploaded. */
export function bindPythonScript(scope: Construct, script: string, appEntry: string, { root: givenRoot }: PythonAppOptions): _ScriptConfig {
  const named = path.resolve(script);
  if (!script.endsWith('.py') || !isFile(named)) {
    throw new Error(`${scope.node.path}: entry must be a file that ends in .py, because the app is a Python app, got ${JSON.stringify(script)}; `
      + `it is looked up from the working directory, as ${named}`);
  }
  const { root } = findPythonEntry(scope, appEntry, givenRoot);
  const file = path.relative(root, realpathSync(named));
  if (file.startsWith('..')) {
    throw new Error(`${scope.node.path}: entry ${script} is not in ${root}, the folder of the app that is uploaded; move it there, or choose a folder above it `
      + 'as root with AppSource.python(entry, { root })');
  }
  return { command: ['python', file.split(path.sep).join('/')] };
}

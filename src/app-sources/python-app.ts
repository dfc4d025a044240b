import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AppSourceBindOptions, AppSourceConfig } from './app-source-config';
import { EXEC_WRAPPER, refuseSnapStart, STREAM_RESPONSES } from './python-streaming';
import { bundlePythonApp } from '../bundling/python/bundle-python-app';
import { PythonAppOptions } from '../bundling/python/python-app-options';

/** The runtime of a Python app if the user chose none. */
export const PYTHON_RUNTIME = lambda.Runtime.PYTHON_3_13;

/** Bundles a Python app, and makes it stream if it is to. */
export function bindPythonApp(scope: Construct, entry: string, appOptions: PythonAppOptions, options: AppSourceBindOptions): AppSourceConfig {
  const { runtime = PYTHON_RUNTIME, architecture, responseStreaming } = options;
  if (runtime.family !== lambda.RuntimeFamily.PYTHON) {
    throw new Error(`${scope.node.path}: ${entry} is a Python app and cannot run on ${runtime.name}; choose a python runtime or drop runtime`);
  }
  return {
    ...bundlePythonApp(scope, entry, appOptions, runtime, architecture),
    runtime,
    environment: responseStreaming ? streamingEnvironment(scope, options) : undefined,
  };
}

function streamingEnvironment(scope: Construct, options: AppSourceBindOptions): { [name: string]: string } {
  const wrapper = options.environment?.[EXEC_WRAPPER];
  if (wrapper !== undefined) {
    throw new Error(`${scope.node.path}: with responseStreaming a Python app needs ${EXEC_WRAPPER} for itself, but environment sets it to `
      + `${JSON.stringify(wrapper)}; drop one of them`);
  }
  refuseSnapStart(scope, options);
  return { [EXEC_WRAPPER]: STREAM_RESPONSES };
}

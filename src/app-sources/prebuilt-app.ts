import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AppSourceBindOptions, AppSourceConfig } from './app-source-config';
import { NODE_RUNTIME } from './node-app';
import { NODE_ENVIRONMENT } from './node-environment';
import { EXEC_WRAPPER, reasonForLoop, refuseSnapStart, STREAM_RESPONSES } from './python-streaming';

/** Uses code that was built elsewhere. Most of the code is not known here, so most checks depend on the runtime alone. */
export function bindPrebuiltApp(scope: Construct, code: lambda.Code, handler: string, options: AppSourceBindOptions): AppSourceConfig {
  const { runtime = NODE_RUNTIME } = options;
  if (runtime.family === lambda.RuntimeFamily.NODEJS && isInPythonFile(code, handler)) {
    throw new Error(`${scope.node.path}: the handler ${handler} is in a Python file and cannot run on ${runtime.name}`
      + `${options.runtime ? '' : ', the default'}; set runtime to a python runtime, e.g. AppSource.PYTHON_RUNTIME`);
  }
  return { code, handler, runtime, ...environmentOf(scope, runtime, options) };
}

function environmentOf(
  scope: Construct,
  runtime: lambda.Runtime,
  options: AppSourceBindOptions,
): Pick<AppSourceConfig, 'environment'> {
  switch (runtime.family) {
    case lambda.RuntimeFamily.NODEJS:
      return { environment: NODE_ENVIRONMENT };
    case lambda.RuntimeFamily.PYTHON:
      if (options.responseStreaming || options.backgroundWork) checkPythonLoop(scope, options);
      return {};
    case lambda.RuntimeFamily.OTHER:
    case undefined:
      // A custom or unknown runtime may run anything, also Node or Python.
      return {};
    default:
      cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:runtime',
        `this library has runtimes for Node and Python only: on ${runtime.name} the handler itself must read the events of the front door and `
        + `return ${options.responseStreaming ? 'streamed' : 'buffered'} responses in its format`);
      return {};
  }
}

/** AWS's Python client cannot stream, and whether the code contains the loop that can is not known: the user has to name it. */
function checkPythonLoop(scope: Construct, options: AppSourceBindOptions): void {
  if (!options.environment?.[EXEC_WRAPPER]) {
    throw new Error(`${scope.node.path}: a prebuilt Python app can have ${reasonForLoop(options)} only if environment sets ${EXEC_WRAPPER} to the script stream-responses.sh `
      + `of the runtime package in its code, e.g. to ${STREAM_RESPONSES}; set it, use AppSource.python, or drop ${reasonForLoop(options)}`);
  }
  refuseSnapStart(scope, options);
}

/** Whether the code is a folder that has the module of the handler for Python, and not for Node. */
function isInPythonFile(code: lambda.Code, handler: string): boolean {
  // Not with `instanceof`: it is false for objects of another copy of the CDK.
  const { path: folder } = code as Partial<lambda.AssetCode>;
  if (typeof folder !== 'string') return false;
  const has = (file: string) => existsSync(path.resolve(folder, file));
  const pythonModule = handler.replace(/\.[^.]*$/, '').replace(/\./g, '/');
  // Node's module ends at the first dot of the file name.
  const [nodeModule] = /^(?:.*\/)?[^./]*/.exec(handler)!;
  return (has(`${pythonModule}.py`) || has(`${pythonModule}/__init__.py`))
    && !['.js', '.mjs', '.cjs'].some(extension => has(nodeModule + extension));
}

import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bytecodePattern } from './compile-python';
import { DOCKER_COMMAND } from './docker-command';
import { ENTRY_MODULE, LocalPythonBundling } from './local-python-bundling';
import { PythonAppOptions } from './python-app-options';
import { findDependencies } from './python-dependencies';
import { findPythonEntry } from './python-entry';

/** Bundles the user's app, its dependencies and the runtime into one folder, with a Lambda handler. */
export function bundlePythonApp(
  scope: Construct,
  entryText: string,
  options: PythonAppOptions,
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
): { code: lambda.Code; handler: string } {
  const entry = findPythonEntry(scope, entryText, options.root);
  const version = pythonVersionOf(scope, runtime);
  const code = lambda.Code.fromAsset(entry.root, {
    // The hash depends only on the output, so the same input gives the same hash in every directory.
    assetHashType: cdk.AssetHashType.OUTPUT,
    // Bytecode is not part of the hash: not every machine has the Python version that can make it.
    exclude: [bytecodePattern(version)],
    ignoreMode: cdk.IgnoreMode.GIT,
    bundling: {
      image: runtime.bundlingImage,
      platform: architecture.dockerPlatform,
      command: DOCKER_COMMAND,
      local: new LocalPythonBundling(scope.node.path, {
        entry,
        dependencies: findDependencies(scope, entry.project),
        exclude: options.exclude ?? [],
        target: { version, architecture: architecture.name },
      }),
    },
  });
  return { code, handler: `${ENTRY_MODULE}.handler` };
}

function pythonVersionOf(scope: Construct, runtime: lambda.Runtime): string {
  const [, version, minor] = /^python(3\.(\d+))$/.exec(runtime.name) ?? [];
  if (version === undefined || Number(minor) < 10) {
    throw new Error(`${scope.node.path}: Python apps need python3.10 or later, got runtime ${runtime.name}`);
  }
  return version;
}

import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { checkPythonVersion } from './check-python-version';
import { bytecodePattern } from './compile-python';
import { dockerCommand } from './docker-command';
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
  checkPythonVersion(scope, entry.project, entry.root, version);
  const target = { version, architecture: architecture.name };
  const dependencies = findDependencies(scope, entry.project, options, target);
  const code = lambda.Code.fromAsset(entry.root, {
    // The hash depends only on the output, so the same input gives the same hash in every directory.
    assetHashType: cdk.AssetHashType.OUTPUT,
    // Bytecode is not part of the hash: not every machine has the Python version that can make it.
    exclude: [bytecodePattern(version)],
    ignoreMode: cdk.IgnoreMode.GIT,
    bundling: {
      image: runtime.bundlingImage,
      platform: architecture.dockerPlatform,
      command: dockerCommand(options),
      local: new LocalPythonBundling(scope, { entry, dependencies, exclude: options.exclude ?? [], target }),
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

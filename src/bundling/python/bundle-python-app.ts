import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bytecodePattern } from './compile-python';
import { DOCKER_COMMAND } from './docker-command';
import { canInstall } from './install-python-packages';
import { ENTRY_MODULE, LocalPythonBundling } from './local-python-bundling';
import { PythonAppOptions } from './python-app-options';
import { findDependencies } from './python-dependencies';
import { findPythonEntry } from './python-entry';
import { selectFiles } from '../select-files';
import { stageBundle } from '../stage-bundle';
import { UploadRule, UploadRules } from '../upload-rules';
import { warnOfDoubtfulFiles } from '../warn-of-doubtful-files';

const NOT_PART_OF_APP: UploadRule[] = [
  { patterns: ['.venv', 'venv'], reason: 'a virtual environment' },
  { patterns: ['*.pyc', '.tox', '.nox', '.hypothesis', '.coverage', 'htmlcov', '*.egg-info'], reason: 'made by Python or its tools' },
  { patterns: ['tests'], reason: 'tests' },
  { patterns: ['node_modules'], reason: 'packages for Node' },
];

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
  const rules = new UploadRules(scope, entry.root, options.exclude ?? [], NOT_PART_OF_APP);
  const selection = selectFiles(rules);
  warnOfDoubtfulFiles(scope, selection.doubtful);
  const dependencies = findDependencies(scope, entry.project);
  const bundling = new LocalPythonBundling(scope.node.path, {
    entry,
    dependencies,
    exclude: options.exclude ?? [],
    selection,
    target: { version, architecture: architecture.name },
  });
  // Bytecode is not part of the hash: not every machine has the Python version that can make it.
  const hashExclude = [bytecodePattern(version)];
  const code = cdk.Stack.of(scope).bundlingRequired && (dependencies === undefined || canInstall())
    ? stageBundle(scope, {
      inputs: scope.node.path,
      reusable: false,
      hashExclude,
      bundle: directory => {
        bundling.tryBundle(directory);
        return selection;
      },
    })
    : lambda.Code.fromAsset(entry.root, {
      // The hash depends only on the output, so the same input gives the same hash in every directory.
      assetHashType: cdk.AssetHashType.OUTPUT,
      exclude: hashExclude,
      ignoreMode: cdk.IgnoreMode.GIT,
      bundling: { image: runtime.bundlingImage, platform: architecture.dockerPlatform, command: DOCKER_COMMAND, local: bundling },
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

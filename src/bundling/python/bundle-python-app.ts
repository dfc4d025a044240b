import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { checkPythonVersion } from './check-python-version';
import { bytecodePattern } from './compile-python';
import { dependencyInputs } from './dependency-inputs';
import { dockerCommand } from './docker-command';
import { describePython } from './find-python';
import { describeInstaller } from './install-python-packages';
import { ENTRY_MODULE, LocalPythonBundling, PythonBundle } from './local-python-bundling';
import { PythonAppOptions } from './python-app-options';
import { findDependencies } from './python-dependencies';
import { findPythonEntry, PythonEntry } from './python-entry';
import { PythonTarget } from './python-target';
import { ICommandHooks, runCommandHook } from '../command-hooks';
import { hashInputs } from '../hash-inputs';
import { makeReadable } from '../make-readable';
import { rememberBundling } from '../remember-bundling';
import { sayProgress } from '../say-progress';
import { FileSelection, selectFiles } from '../select-files';
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
  const target: PythonTarget = { version: pythonVersionOf(scope, runtime), architecture: architecture.name };
  checkPythonVersion(scope, entry.project, entry.root, target.version);
  const app = { entry, exclude: options.exclude ?? [], options, target };
  const { commandHooks: hooks } = options;
  const isBundled = cdk.Stack.of(scope).bundlingRequired;
  const code = hooks && isBundled
    ? stageWithHooks(scope, app, hooks, () => findPythonEntry(scope, entryText, options.root))
    : stageOrSkip(scope, app, isBundled, { image: runtime.bundlingImage, platform: architecture.dockerPlatform });
  const record = { kind: 'python' as const, entry: entryText, options, runtime: runtime.name, architecture: architecture.name };
  return { code: rememberBundling(code, { ...record, root: entry.root }), handler: `${ENTRY_MODULE}.handler` };
}

const NOTHING: FileSelection = { files: [], leftOut: [], doubtful: [] };

type App = Pick<PythonBundle, 'entry' | 'exclude' | 'target'> & { readonly options: PythonAppOptions };

type Contents = Pick<PythonBundle, 'selection' | 'dependencies'>;

/** What the commands do is not known, so the app is always bundled. */
function stageWithHooks(scope: Construct, app: App, hooks: ICommandHooks, findEntry: () => PythonEntry): lambda.Code {
  return stageBundle(scope, {
    inputs: scope.node.path,
    reusable: false,
    hashExclude: hashExclude(app),
    bundle: output => bundleWithHooks(scope, app, hooks, findEntry, output),
  });
}

/** Bundles on this machine, or in Docker if it has no installer. The CDK skips the latter if the stack is not bundled. */
function stageOrSkip(scope: Construct, app: App, isBundled: boolean, docker: cdk.BundlingOptions): lambda.Code {
  const { entry: { root, relativeFile, attribute, project }, options, target } = app;
  // Without bundling the commands do not run, and the dependency file that they write may not be there.
  const contents: Contents = options.commandHooks ? { selection: NOTHING } : read(scope, app);
  const installer = isBundled ? describeInstaller(target.version) : undefined;
  if (!isBundled || (contents.dependencies && installer === undefined)) {
    return lambda.Code.fromAsset(root, {
      // The hash depends only on the output, so the same input gives the same hash in every directory.
      assetHashType: cdk.AssetHashType.OUTPUT,
      exclude: hashExclude(app),
      ignoreMode: cdk.IgnoreMode.GIT,
      bundling: { ...docker, command: dockerCommand(options), local: new LocalPythonBundling(scope, { ...app, ...contents }) },
    });
  }
  const { facts, pinned } = dependencyInputs(project, contents.dependencies);
  return stageBundle(scope, {
    inputs: hashInputs([relativeFile, attribute, target, facts, installer, describePython(target.version)], contents.selection.files),
    reusable: pinned,
    hashExclude: hashExclude(app),
    bundle: output => {
      if (contents.dependencies) sayProgress(scope, `installing the dependencies of ${contents.dependencies.kind} with ${installer}`);
      new LocalPythonBundling(scope, { ...app, ...contents }).tryBundle(output);
      return contents.selection;
    },
  });
}

/** Bytecode is not part of the hash: not every machine has the Python version that can make it. */
function hashExclude({ target }: App): string[] {
  return [bytecodePattern(target.version)];
}

/** The commands before bundling may write the sources and the dependency file, so these are read afterwards. */
function bundleWithHooks(scope: Construct, before: App, hooks: ICommandHooks, findEntry: () => PythonEntry, output: string): FileSelection {
  const input = before.entry.project ?? before.entry.root;
  runCommandHook(scope.node.path, hooks, 'beforeBundling', input, output);
  const app = { ...before, entry: findEntry() };
  const contents = read(scope, app);
  if (!new LocalPythonBundling(scope, { ...app, ...contents }).tryBundle(output)) {
    throw new Error(`${scope.node.path}: with commandHooks the dependencies are installed on this machine, but it has neither uv nor pip; install uv`);
  }
  runCommandHook(scope.node.path, hooks, 'afterBundling', input, output);
  makeReadable(output);
  return contents.selection;
}

/** Finds the files of the app and its dependencies. */
function read(scope: Construct, { entry, exclude, options, target }: App): Contents {
  const selection = selectFiles(new UploadRules(scope, entry.root, exclude, NOT_PART_OF_APP));
  warnOfDoubtfulFiles(scope, selection.doubtful);
  return { selection, dependencies: findDependencies(scope, entry.project, options, target) };
}

function pythonVersionOf(scope: Construct, runtime: lambda.Runtime): string {
  const [, version, minor] = /^python(3\.(\d+))$/.exec(runtime.name) ?? [];
  if (version === undefined || Number(minor) < 10) {
    throw new Error(`${scope.node.path}: Python apps need python3.10 or later, got runtime ${runtime.name}`);
  }
  return version;
}

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
  const findEntry = () => findPythonEntry(scope, entryText, options.root);
  const code = stage(scope, app, findEntry) ?? lambda.Code.fromAsset(entry.root, {
    // The hash depends only on the output, so the same input gives the same hash in every directory.
    assetHashType: cdk.AssetHashType.OUTPUT,
    exclude: [bytecodePattern(target.version)],
    ignoreMode: cdk.IgnoreMode.GIT,
    bundling: {
      image: runtime.bundlingImage,
      platform: architecture.dockerPlatform,
      command: dockerCommand(options),
      local: new LocalPythonBundling(scope, { ...app, ...read(scope, app) }),
    },
  });
  const record = { kind: 'python' as const, entry: entryText, options, runtime: runtime.name, architecture: architecture.name };
  return { code: rememberBundling(code, { ...record, root: entry.root }), handler: `${ENTRY_MODULE}.handler` };
}

type App = Pick<PythonBundle, 'entry' | 'exclude' | 'target'> & { readonly options: PythonAppOptions };

/** Bundles on this machine. Returns undefined if that needs Docker, and if the CDK skips bundling. */
function stage(scope: Construct, app: App, findEntry: () => PythonEntry): lambda.Code | undefined {
  if (!cdk.Stack.of(scope).bundlingRequired) return undefined;
  const hooks = app.options.commandHooks;
  // Bytecode is not part of the hash: not every machine has the Python version that can make it.
  const hashExclude = [bytecodePattern(app.target.version)];
  if (hooks) {
    // What the commands do is not known, so the app is always bundled.
    const inputs = scope.node.path;
    return stageBundle(scope, { inputs, reusable: false, hashExclude, bundle: output => bundleWithHooks(scope, app, hooks, findEntry, output) });
  }
  const contents = read(scope, app);
  const { entry: { relativeFile, attribute, project }, target } = app;
  const installer = describeInstaller(target.version);
  if (contents.dependencies && installer === undefined) return undefined;
  const { facts, pinned } = dependencyInputs(project, contents.dependencies);
  return stageBundle(scope, {
    inputs: hashInputs([relativeFile, attribute, target, facts, installer, describePython(target.version)], contents.selection.files),
    reusable: pinned,
    hashExclude,
    bundle: output => {
      if (contents.dependencies) sayProgress(scope, `installing the dependencies of ${contents.dependencies.kind} with ${installer}`);
      new LocalPythonBundling(scope, { ...app, ...contents }).tryBundle(output);
      return contents.selection;
    },
  });
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
function read(scope: Construct, { entry, exclude, options, target }: App): Pick<PythonBundle, 'selection' | 'dependencies'> {
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

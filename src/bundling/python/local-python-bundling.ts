import { chmodSync, cpSync, existsSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkMachine } from './check-machine';
import { compilePython } from './compile-python';
import { writeDockerRequirements } from './docker-requirements';
import { inspectSources } from './inspect-sources';
import { installPythonPackages } from './install-python-packages';
import { checkPathFiles } from './path-files';
import { PythonDependencies } from './python-dependencies';
import { PythonEntry } from './python-entry';
import { PythonTarget } from './python-target';
import { reportInstallation } from './report-installation';
import { copyFiles } from '../copy-files';
import { makeReadable } from '../make-readable';
import { PACKAGE_ROOT } from '../package-root';
import { withScratchFolder } from '../scratch-folder';
import { FileSelection } from '../select-files';

/** Everything that the contents of a bundle depend on. */
export interface PythonBundle {
  readonly entry: PythonEntry;
  readonly dependencies?: PythonDependencies;
  readonly exclude: string[];
  /** The files of the app. */
  readonly selection: FileSelection;
  readonly target: PythonTarget;
}

/** The module that Lambda loads; its `handler` runs the app. */
export const ENTRY_MODULE = 'wrapped_web_app_entry';

const RUNTIME_PACKAGE = 'wrapped_web_app_runtime';

const RUNTIME = path.join(PACKAGE_ROOT, 'lib/lambda-runtime/python', RUNTIME_PACKAGE);

/**
 * Bundles without Docker if the machine has uv or pip.
 *
 * The CDK uses the source folder and the JSON of the bundling options as the key of its bundle cache. So everything that the bundle
 * depends on is in the public fields, as plain data. If bundling is skipped, the asset hash is made from that JSON, so the fields
 * contain no path of this machine.
 */
export class LocalPythonBundling implements cdk.ILocalBundling {
  /** The entry, the dependency file relative to the root, and the Python version and architecture of the function. */
  public readonly input: string;
  public readonly exclude: string[];
  readonly #scope: Construct;
  readonly #bundle: PythonBundle;

  constructor(scope: Construct, bundle: PythonBundle) {
    this.#scope = scope;
    this.#bundle = bundle;
    const { entry, dependencies, exclude, target } = bundle;
    const from = dependencies ? describeDependencies(entry.root, dependencies) : 'nothing';
    this.input = `${entry.relativeFile}:${entry.attribute ?? ''} with ${from} on ${target.version} ${target.architecture}`;
    this.exclude = exclude;
  }

  /** Without uv and pip it copies everything except the dependencies, and returns false. Then Docker adds the dependencies. */
  public tryBundle(outputDirectory: string): boolean {
    const { dependencies, entry, selection: { files }, target } = this.#bundle;
    const installed = this.install(outputDirectory) || dependencies === undefined;
    // Files of the app replace files of its dependencies, as Python does it when the app runs from its folder.
    copyFiles(files, outputDirectory);
    checkMachine(this.#scope.node.path, outputDirectory, target.architecture);
    checkPathFiles(this.#scope.node.path, outputDirectory);
    this.addRuntime(outputDirectory);
    inspectSources(this.#scope, entry, outputDirectory, files.map(file => file.target).filter(file => file.endsWith('.py')), target.version, installed);
    if (installed) this.compile(outputDirectory);
    else writeDockerRequirements(this.#scope.node.path, dependencies, outputDirectory);
    makeReadable(outputDirectory);
    return installed;
  }

  private compile(outputDirectory: string): void {
    const { entry: { root }, target } = this.#bundle;
    const isOwn = (name: string) => [name, `${name}.py`].some(file => existsSync(path.join(root, file)));
    const left = compilePython(outputDirectory, target.version, isOwn);
    if (left !== undefined) cdk.Annotations.of(this.#scope).addInfo(left);
  }

  private install(outputDirectory: string): boolean {
    const { dependencies, entry: { project, root }, target } = this.#bundle;
    // Not directly into the output: a folder that is removed from the packages, such as `bin`, may also be a folder of the app.
    return withScratchFolder(directory => {
      const installed = installPythonPackages({ constructPath: this.#scope.node.path, dependencies, project, root, target }, directory);
      if (installed === undefined) return false;
      cpSync(directory, outputDirectory, { recursive: true });
      reportInstallation(this.#scope, installed);
      return true;
    });
  }

  private addRuntime(outputDirectory: string): void {
    const { attribute, module, relativeFile } = this.#bundle.entry;
    cpSync(RUNTIME, path.join(outputDirectory, RUNTIME_PACKAGE), { recursive: true, filter: file => !file.endsWith('__pycache__') });
    // npm may lose the mode when it packs or installs this package.
    chmodSync(path.join(outputDirectory, RUNTIME_PACKAGE, 'stream-responses.sh'), 0o755);
    const names = [module, attribute ?? null, relativeFile].map(name => name === null ? 'None' : JSON.stringify(name));
    writeFileSync(path.join(outputDirectory, `${ENTRY_MODULE}.py`),
      `from ${RUNTIME_PACKAGE}.serve_module import serve_module\n\nhandler = serve_module(${names.join(', ')})\n`);
  }
}

/** Without paths of this machine. */
function describeDependencies(root: string, { kind, directory, files, groups, extras, onlyWheels }: PythonDependencies): string {
  const names = files.map(file => path.relative(root, file)).join(' ');
  return [path.relative(root, directory), kind, names, ...groups.map(group => `group ${group}`), ...extras.map(extra => `extra ${extra}`), onlyWheels ? 'wheels only' : ''].join(' ');
}

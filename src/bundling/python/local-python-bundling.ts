import { chmodSync, copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { checkMachine } from './check-machine';
import { compilePython } from './compile-python';
import { installPythonPackages, PythonTarget, REQUIREMENTS, writeRequirements } from './install-python-packages';
import { PythonDependencies } from './python-dependencies';
import { PythonEntry } from './python-entry';
import { copyFiles } from '../copy-files';
import { makeReadable } from '../make-readable';
import { PACKAGE_ROOT } from '../package-root';
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
  readonly #constructPath: string;
  readonly #bundle: PythonBundle;

  constructor(constructPath: string, bundle: PythonBundle) {
    this.#constructPath = constructPath;
    this.#bundle = bundle;
    const { entry, dependencies, exclude, target } = bundle;
    const from = dependencies ? `${path.relative(entry.root, dependencies.directory)}/${dependencies.kind}` : 'nothing';
    this.input = `${entry.relativeFile}:${entry.attribute ?? ''} with ${from} on ${target.version} ${target.architecture}`;
    this.exclude = exclude;
  }

  /** Without uv and pip it copies everything except the dependencies, and returns false. Then Docker adds the dependencies. */
  public tryBundle(outputDirectory: string): boolean {
    const { dependencies, selection, target } = this.#bundle;
    const installed = dependencies === undefined || this.install(dependencies, outputDirectory);
    // Files of the app replace files of its dependencies, as Python does it when the app runs from its folder.
    copyFiles(selection.files, outputDirectory);
    checkMachine(this.#constructPath, outputDirectory, target.architecture);
    this.addRuntime(outputDirectory);
    if (installed) compilePython(outputDirectory, target.version);
    else copyFileSync(writeRequirements(this.#constructPath, dependencies, outputDirectory), path.join(outputDirectory, REQUIREMENTS));
    makeReadable(outputDirectory);
    return installed;
  }

  private install(dependencies: PythonDependencies, outputDirectory: string): boolean {
    // Not directly into the output: a folder that is removed from the packages, such as `bin`, may also be a folder of the app.
    const directory = mkdtempSync(path.join(tmpdir(), 'wrapped-web-app-'));
    try {
      const installed = installPythonPackages(this.#constructPath, dependencies, this.#bundle.target, directory);
      if (installed) cpSync(directory, outputDirectory, { recursive: true });
      return installed;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
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

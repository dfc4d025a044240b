import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { compileArguments, compilePython, LARGEST_MEGABYTES } from './compile-python';
import { checkMachine, installPythonPackages, PythonTarget, REQUIREMENTS, writeRequirements } from './install-python-packages';
import { makeReadable } from './make-readable';
import { PythonDependencies } from './python-dependencies';
import { PythonEntry } from './python-entry';

/** Everything that decides how a bundle comes out. */
export interface PythonBundle {
  readonly entry: PythonEntry;
  readonly dependencies?: PythonDependencies;
  readonly exclude: string[];
  readonly target: PythonTarget;
}

/** The module that Lambda loads; its `handler` runs the app. */
export const ENTRY_MODULE = 'wrapped_web_app_entry';

const RUNTIME_PACKAGE = 'wrapped_web_app_runtime';

/** The package's own folder: this file runs from `lib/bundling` or, in tests, from `src/bundling`. */
const RUNTIME = path.resolve(__dirname, '../../lib/lambda-runtime/python', RUNTIME_PACKAGE);

const NEVER_UPLOADED = [
  '.git', '.hg', '.svn', '.venv', 'venv', '__pycache__', '*.pyc', '.env', 'tests', 'node_modules', 'cdk.out', '*.egg-info', '.DS_Store',
  '.idea', '.vscode', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.tox', '.nox', '.hypothesis', '.coverage', 'htmlcov',
];

/**
 * Bundles without Docker, if there is uv or pip.
 *
 * All that matters is plain, enumerable data: the CDK keeps bundles by their source folder and the JSON of their options.
 * Where bundling is skipped, the asset's hash is made of that JSON: so it names no folder of this machine.
 */
export class LocalPythonBundling implements cdk.ILocalBundling {
  /** The entry, the dependency file as seen from the root, and the machine that they are for. */
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

  /** Where there is no installer, everything but the dependencies is in place, and Docker adds those. */
  public tryBundle(outputDirectory: string): boolean {
    const { dependencies, entry, target } = this.#bundle;
    const installed = dependencies === undefined || this.install(dependencies, outputDirectory);
    this.copySource(entry.root, outputDirectory, outputDirectory);
    checkMachine(this.#constructPath, outputDirectory, target.architecture);
    this.addRuntime(outputDirectory);
    if (installed) compilePython(outputDirectory, target.version);
    else copyFileSync(writeRequirements(this.#constructPath, dependencies, outputDirectory), path.join(outputDirectory, REQUIREMENTS));
    makeReadable(outputDirectory);
    return installed;
  }

  private install(dependencies: PythonDependencies, outputDirectory: string): boolean {
    // Not straight into the output: what is pruned from packages may be a folder of the app.
    const directory = mkdtempSync(path.join(tmpdir(), 'wrapped-web-app-'));
    try {
      const installed = installPythonPackages(this.#constructPath, dependencies, this.#bundle.target, directory);
      if (installed) cpSync(directory, outputDirectory, { recursive: true });
      return installed;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** The app's own files win over those of its dependencies, as they do when it runs from its folder. */
  private copySource(source: string, target: string, outputDirectory: string): void {
    const { root } = this.#bundle.entry;
    const ignored = cdk.IgnoreStrategy.git(root, [...NEVER_UPLOADED, ...this.#bundle.exclude]);
    const output = realpathSync(outputDirectory);
    const copy = (from: string, to: string, above: string[]) => {
      for (const name of readdirSync(from)) {
        const file = path.join(from, name);
        // Links are followed, since what they lead to is not there on Lambda; broken ones lead nowhere.
        if (ignored.ignores(file) || !existsSync(file)) continue;
        const real = realpathSync(file);
        if (!statSync(real).isDirectory()) {
          mkdirSync(to, { recursive: true });
          copyFileSync(real, path.join(to, name));
        } else if (!above.includes(real) && !`${output}${path.sep}`.startsWith(`${real}${path.sep}`)) {
          copy(file, path.join(to, name), [...above, real]);
        }
      }
    };
    copy(source, target, [realpathSync(source)]);
  }

  private addRuntime(outputDirectory: string): void {
    const { attribute, module, relativeFile } = this.#bundle.entry;
    cpSync(RUNTIME, path.join(outputDirectory, RUNTIME_PACKAGE), { recursive: true, filter: file => !file.endsWith('__pycache__') });
    // Packing may lose the mode.
    chmodSync(path.join(outputDirectory, RUNTIME_PACKAGE, 'stream-responses.sh'), 0o755);
    const names = [module, attribute ?? null, relativeFile].map(name => name === null ? 'None' : JSON.stringify(name));
    writeFileSync(path.join(outputDirectory, `${ENTRY_MODULE}.py`),
      `from ${RUNTIME_PACKAGE}.serve_module import serve_module\n\nhandler = serve_module(${names.join(', ')})\n`);
  }
}

/** What Docker does where the machine has no installer: the image's pip installs, and is free to build what has no wheel; its Python compiles. */
export const DOCKER_COMMAND = ['bash', '-c', [
  `if [ -f /asset-output/${REQUIREMENTS} ]; then`,
  `python -m pip install --quiet --no-cache-dir --no-compile --target /tmp/packages --requirement /asset-output/${REQUIREMENTS}`,
  '&& rm -rf /tmp/packages/bin',
  "&& find /tmp/packages \\( -name __pycache__ -o -path '*.dist-info/direct_url.json' -o -path '*.dist-info/REQUESTED' \\) -prune -exec rm -rf {} +",
  '&& cp -rn /tmp/packages/. /asset-output/',
  `&& rm /asset-output/${REQUIREMENTS}; fi`,
  // Not in the app's folder, whose modules would stand in for Python's own.
  `&& cd / && { PYTHONHASHSEED=0 python ${compileArguments('/asset-output').join(' ')} || true; }`,
  `&& { [ "$(du -sm /asset-output | cut -f1)" -le ${LARGEST_MEGABYTES} ] || find /asset-output -name __pycache__ -prune -exec rm -rf {} +; }`,
].join(' ')];

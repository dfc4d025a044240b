import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { EsbuildRunner, runInProcess } from './esbuild-runner';
import { installNodeModules } from './install-node-modules';
import { writeModuleTypes } from './module-types';
import { NodeAppOptions } from './node-app-options';
import { NodeEntry } from './node-entry';
import type { EsbuildJob } from './run-esbuild';
import { ICommandHooks, runCommandHook } from '../command-hooks';
import { copyFiles } from '../copy-files';
import { makeReadable } from '../make-readable';
import { PACKAGE_ROOT } from '../package-root';
import { FileSelection } from '../select-files';

/** Everything that the contents of a bundle depend on. */
export interface NodeBundle {
  readonly entry: NodeEntry;
  /** The path of the bundle in the asset, without an extension. */
  readonly bundle: string;
  /** Called after the commands of the user, which may make some of the assets. */
  readonly findAssets: () => FileSelection;
  /** The major version of Node on Lambda. */
  readonly nodeVersion: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
  /** Whether the entry is a program of its own, and not a web app for the runtime. */
  readonly isScript?: boolean;
  readonly options: NodeAppOptions;
  /** Called when everything else is in the bundle. */
  readonly finish: (outputDirectory: string) => void;
}

/**
 * Bundles with esbuild, without Docker.
 *
 * The CDK uses the source folder and the JSON of the bundling options as the key of its bundle cache. So everything that the bundle
 * depends on is in the public fields, as plain data: otherwise two entries in one folder would get the same bundle. If bundling is
 * skipped, the asset hash is made from that JSON, so the fields contain no path of this machine.
 */
export class LocalNodeBundling implements cdk.ILocalBundling {
  public readonly entry: Pick<NodeEntry, 'relativeFile' | 'exportName'>;
  public readonly nodeVersion: string;
  public readonly architecture: string;
  public readonly options: NodeAppOptions;
  public readonly isScript?: boolean;
  /** Those of the user, for the folders that the CDK uses in Docker. */
  public readonly commands: string[][];

  readonly #constructPath: string;
  readonly #bundle: NodeBundle;
  readonly #esbuildRunner: EsbuildRunner;

  constructor(constructPath: string, bundle: NodeBundle, esbuildRunner: EsbuildRunner = runInProcess) {
    this.#constructPath = constructPath;
    this.#bundle = bundle;
    this.#esbuildRunner = esbuildRunner;
    const { entry, nodeVersion, architecture, options: { commandHooks, projectRoot, ...options } } = bundle;
    const relative = (file: string) => path.relative(entry.projectRoot, path.resolve(file));
    this.entry = withoutUndefined({ relativeFile: entry.relativeFile, exportName: entry.exportName });
    this.nodeVersion = nodeVersion;
    this.architecture = architecture;
    if (bundle.isScript) this.isScript = true;
    this.options = withoutUndefined({
      ...options,
      tsconfig: options.tsconfig && relative(options.tsconfig),
      inject: options.inject?.map(relative),
    });
    this.commands = commandsOf(commandHooks);
  }

  public tryBundle(outputDirectory: string): boolean {
    this.bundle(outputDirectory);
    return true;
  }

  /** Writes the bundle, and returns which assets are in it. */
  public bundle(outputDirectory: string): FileSelection {
    const { entry, options: { commandHooks, nodeModules = [], ignoreScripts }, architecture } = this.#bundle;
    runCommandHook(this.#constructPath, commandHooks, 'beforeBundling', entry.projectRoot, outputDirectory);
    const assets = this.#bundle.findAssets();
    copyFiles(assets.files, outputDirectory);
    this.refuseToHideBundle(outputDirectory);
    this.runEsbuild(outputDirectory);
    if (nodeModules.length > 0) {
      installNodeModules(this.#constructPath, { packages: nodeModules, entry: entry.file, architecture, ignoreScripts }, outputDirectory);
    }
    writeModuleTypes(entry.projectRoot, assets.files, outputDirectory);
    runCommandHook(this.#constructPath, commandHooks, 'afterBundling', entry.projectRoot, outputDirectory);
    this.#bundle.finish(outputDirectory);
    makeReadable(outputDirectory);
    return assets;
  }

  /** Assets that exist before have been considered in the name of the bundle. */
  private refuseToHideBundle(outputDirectory: string): void {
    const hiding = namesBefore(this.#bundle.bundle).find(file => existsSync(path.join(outputDirectory, file)));
    if (hiding) {
      throw new Error(`${this.#constructPath}: the asset ${hiding}, which a command of commandHooks made, has the name of the bundle, and Lambda would `
        + 'load it instead; give the entry or the asset another name');
    }
  }

  private runEsbuild(outputDirectory: string): void {
    const { entry, bundle, nodeVersion, isScript, options: { commandHooks, ...options } } = this.#bundle;
    const job: EsbuildJob = {
      esbuild: this.findEsbuild(),
      runtimeDirectory: path.join(PACKAGE_ROOT, 'lib/lambda-runtime/node'),
      outputDirectory,
      entry,
      bundle,
      nodeVersion,
      isScript,
      options,
    };
    try {
      process.stderr.write(this.#esbuildRunner(job));
    } catch (error) {
      throw new Error(`${this.#constructPath}: cannot bundle ${entry.file}:\n${(error as Error).message}`);
    }
  }

  private findEsbuild(): string {
    const { entry } = this.#bundle;
    for (const from of [entry.file, path.join(process.cwd(), 'package.json'), __filename]) {
      try {
        return createRequire(from).resolve('esbuild');
      } catch {
        // It is not installed there; try the next place.
      }
    }
    throw new Error(`${this.#constructPath}: esbuild is needed to bundle ${entry.file} but is not installed; run: npm install --save-dev esbuild`);
  }
}

/**
 * The files and folders that Lambda looks for before `.mjs` and `.cjs`.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
 */
export function namesBefore(bundle: string): string[] {
  return [bundle, `${bundle}.js`];
}

function commandsOf(hooks: ICommandHooks | undefined): string[][] {
  return hooks ? [hooks.beforeBundling('/asset-input', '/asset-output'), hooks.afterBundling('/asset-input', '/asset-output')] : [];
}

/** The CDK cannot make a cache key from undefined. */
function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

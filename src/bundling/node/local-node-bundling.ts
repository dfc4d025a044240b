import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { installNodeModules } from './install-node-modules';
import { NodeAppOptions } from './node-app-options';
import { NodeEntry } from './node-entry';
import type { EsbuildJob } from './run-esbuild';
import { copyFiles } from '../copy-files';
import { makeReadable } from '../make-readable';
import { PACKAGE_ROOT } from '../package-root';
import { FileSelection } from '../select-files';

/** Everything that the contents of a bundle depend on. */
export interface NodeBundle {
  readonly entry: NodeEntry;
  /** The path of the bundle in the asset, without an extension. */
  readonly bundle: string;
  readonly assets: FileSelection;
  /** The major version of Node on Lambda. */
  readonly nodeVersion: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
  readonly options: NodeAppOptions;
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

  readonly #constructPath: string;
  readonly #bundle: NodeBundle;

  constructor(constructPath: string, bundle: NodeBundle) {
    this.#constructPath = constructPath;
    this.#bundle = bundle;
    const { entry, nodeVersion, architecture, options } = bundle;
    const relative = (file: string) => path.relative(entry.projectRoot, path.resolve(file));
    this.entry = withoutUndefined({ relativeFile: entry.relativeFile, exportName: entry.exportName });
    this.nodeVersion = nodeVersion;
    this.architecture = architecture;
    this.options = withoutUndefined({
      ...options,
      tsconfig: options.tsconfig && relative(options.tsconfig),
      inject: options.inject?.map(relative),
    });
  }

  public tryBundle(outputDirectory: string): boolean {
    const { assets, entry, options, architecture } = this.#bundle;
    copyFiles(assets.files, outputDirectory);
    this.runEsbuild(outputDirectory);
    if (options.nodeModules?.length) {
      const { nodeModules: packages, ignoreScripts } = options;
      installNodeModules(this.#constructPath, { packages, entry: entry.file, architecture, ignoreScripts }, outputDirectory);
    }
    makeReadable(outputDirectory);
    return true;
  }

  /** Runs esbuild in another process, because bundling in the CDK is synchronous and esbuild's plugins are not. */
  private runEsbuild(outputDirectory: string): void {
    const { entry, bundle, nodeVersion, options } = this.#bundle;
    const job: EsbuildJob = {
      esbuild: this.findEsbuild(),
      runtimeDirectory: path.join(PACKAGE_ROOT, 'lib/lambda-runtime/node'),
      outputDirectory,
      entry,
      bundle,
      nodeVersion,
      options,
    };
    const child = spawnSync(process.execPath, [path.join(PACKAGE_ROOT, 'lib/bundling/node/run-esbuild.js')], {
      input: JSON.stringify(job),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (child.error) throw new Error(`${this.#constructPath}: cannot start Node to bundle ${entry.relativeFile}: ${child.error.message}`);
    if (child.status !== 0) {
      throw new Error(`${this.#constructPath}: cannot bundle ${entry.file}:\n${child.stderr.trim() || `the bundler ended with ${child.signal ?? child.status}`}`);
    }
    process.stderr.write(child.stderr);
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

/** The CDK cannot make a cache key from undefined. */
function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

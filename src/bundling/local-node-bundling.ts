import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AssetFile } from './asset-files';
import { installNodeModules } from './install-node-modules';
import { makeReadable } from './make-readable';
import { NodeAppOptions } from './node-app-options';
import { NodeEntry } from './node-entry';
import type { EsbuildJob } from './run-esbuild';

/** Everything that decides how a bundle comes out. */
export interface NodeBundle {
  readonly entry: NodeEntry;
  /** Its path in the asset, without an extension. */
  readonly bundle: string;
  readonly assets: AssetFile[];
  /** The major version of Node on Lambda. */
  readonly nodeVersion: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
  readonly options: NodeAppOptions;
}

/** The package's own folder: this file runs from `lib/bundling` or, in tests, from `src/bundling`. */
const PACKAGE_ROOT = path.resolve(__dirname, '../..');

/**
 * Bundles without Docker.
 *
 * The CDK keeps bundled assets by their source folder and the JSON of their bundling options, in which functions leave
 * no trace. That is why all that matters is plain, enumerable data here: two entries of one folder would otherwise
 * get the same bundle. Where bundling is skipped, the asset's hash is made of that JSON: so it names no folder of this machine.
 */
export class LocalNodeBundling implements cdk.ILocalBundling {
  public readonly entry: Pick<NodeEntry, 'relativeFile' | 'exportName'>;
  public readonly assets: string[];
  public readonly nodeVersion: string;
  public readonly architecture: string;
  public readonly options: NodeAppOptions;

  readonly #constructPath: string;
  readonly #bundle: NodeBundle;

  constructor(constructPath: string, bundle: NodeBundle) {
    this.#constructPath = constructPath;
    this.#bundle = bundle;
    const { entry, assets, nodeVersion, architecture, options } = bundle;
    const relative = (file: string) => path.relative(entry.projectRoot, path.resolve(file));
    this.entry = withoutUndefined({ relativeFile: entry.relativeFile, exportName: entry.exportName });
    this.assets = assets.map(({ target }) => target);
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
    for (const asset of assets) {
      const target = path.join(outputDirectory, asset.target);
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(asset.source, target, { recursive: true, dereference: true });
    }
    this.runEsbuild(outputDirectory);
    if (options.nodeModules?.length) {
      installNodeModules(this.#constructPath, options.nodeModules, entry.file, architecture, outputDirectory);
    }
    makeReadable(outputDirectory);
    return true;
  }

  /** In a process of its own: bundling is synchronous in the CDK, but esbuild's plugins are not. */
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
    const child = spawnSync(process.execPath, [path.join(PACKAGE_ROOT, 'lib/bundling/run-esbuild.js')], {
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
        // Not from here: the next place may have it.
      }
    }
    throw new Error(`${this.#constructPath}: esbuild is needed to bundle ${entry.file} but is not installed; run: npm install --save-dev esbuild`);
  }
}

/** The CDK's cache key cannot be made of undefined and null. */
function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

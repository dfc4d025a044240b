import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { archiveFile, assetDirectory, BUNDLING } from './asset-directory';
import { listBundle } from './bundle-listing';
import { BundleRecord, findRecord, hasContents, writeRecord } from './bundle-records';
import { sizesByPackage } from './bundle-sizes';
import { checkBundleSize } from './check-bundle-size';
import { removeAbandoned, TEMPORARY } from './remove-abandoned';
import { sayProgress } from './say-progress';
import { FileSelection } from './select-files';
import { writeWhole } from './write-whole';
import { writeZip } from './write-zip';

/** How a bundle is made. */
export interface StageBundleProps {
  /** A hash of everything that the bundle depends on. Apps with the same inputs share one bundle. */
  readonly inputs: string;
  /** Whether a bundle of an earlier synthesis with the same inputs is used again. */
  readonly reusable: boolean;
  /** The hash that the user chose. By default it is made of the files. */
  readonly assetHash?: string;
  /** Files that are not part of the asset hash, in the syntax of `.gitignore`. */
  readonly hashExclude?: string[];
  /**
   * Whether the bundle is uploaded as a zip that is made here, in which links are links and files have their times. The CDK replaces links
   * by what they lead to, and gives all files one time.
   */
  readonly archived?: boolean;
  /** Whether the sizes of the app's own files are listed by folder. */
  readonly sizesByFolder?: boolean;
  /** Writes the bundle into an empty folder, and returns what it did not upload. */
  bundle(directory: string): Omit<FileSelection, 'files'>;
}

/** The bundles of each CDK app, by the folder of its output and the inputs. */
const bundlesOf = new WeakMap<IConstruct, Map<string, BundleRecord>>();

/**
 * Makes a bundle in the CDK's output, as a finished asset. The asset hash depends only on the files in it, so the same input gives the
 * same hash in every directory.
 *
 * The CDK's own bundling is not used: it builds in a folder that two syntheses at once share, leaves half a bundle behind after an error,
 * and cannot skip bundling if the hash comes from the output. Here each bundle is built in a folder of its own, and gets its name by one
 * `rename` when it is complete. So what has the name of an asset is whole, whatever happens on the way.
 */
export function stageBundle(scope: Construct, props: StageBundleProps): lambda.Code {
  const outdir = cdk.Stage.of(scope)?.assetOutdir;
  if (outdir === undefined) throw new Error(`${scope.node.path}: cannot bundle the app, because this construct is not in a cdk.App`);
  // The CDK's command line names it relative to the working directory, which not all programs run in.
  const output = path.resolve(outdir);
  const bundles = bundlesOf.get(scope.node.root) ?? new Map<string, BundleRecord>();
  bundlesOf.set(scope.node.root, bundles);
  const key = `${output}\n${props.inputs}`;
  const known = bundles.get(key) ?? (props.reusable ? findRecord(output, props.inputs) : undefined);
  known?.annotations.forEach(({ type, data }) => scope.node.addMetadata(type, data));
  const record = known ?? makeBundle(scope, output, props);
  bundles.set(key, record);
  const directory = assetDirectory(output, record.fingerprint);
  if (props.archived) {
    return lambda.Code.fromAsset(archiveOf(directory, archiveFile(output, record.fingerprint)), {
      assetHash: record.fingerprint,
      assetHashType: cdk.AssetHashType.CUSTOM,
    });
  }
  return lambda.Code.fromAsset(directory, {
    assetHash: record.fingerprint,
    assetHashType: cdk.AssetHashType.CUSTOM,
    bundling: { ...BUNDLING, local: new CopyOf(directory) },
  });
}

/** Makes a zip of a complete bundle, which the CDK uploads as it is. */
function archiveOf(directory: string, archive: string): string {
  if (!existsSync(archive)) {
    // By renaming, so that what has the name is always complete.
    const temporary = `${archive}.${process.pid}`;
    writeZip(directory, temporary);
    renameSync(temporary, archive);
  }
  return archive;
}

/** Used only if the CDK looks for the asset in another place: it does not bundle an asset with a custom hash that is in its output. */
class CopyOf implements cdk.ILocalBundling {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  public tryBundle(outputDirectory: string): boolean {
    cpSync(this.#directory, outputDirectory, { recursive: true });
    return true;
  }
}

function makeBundle(scope: Construct, output: string, props: StageBundleProps): BundleRecord {
  process.stderr.write(`Bundling ${scope.node.path}...\n`);
  let directory: string | undefined;
  try {
    mkdirSync(output, { recursive: true });
    removeAbandoned(output, TEMPORARY);
    directory = mkdtempSync(path.join(output, TEMPORARY));
    chmodSync(directory, 0o755);
    const annotated = scope.node.metadata.length;
    const remarkable = props.bundle(directory);
    const packages = sizesByPackage(directory, props.sizesByFolder);
    checkBundleSize(scope, packages);
    const listing = listBundle(directory, packages, remarkable);
    const record: BundleRecord = {
      fingerprint: props.assetHash ?? fingerprintOf(scope, directory, props.hashExclude),
      bytes: listing.bytes,
      files: listing.files.length,
      annotations: scope.node.metadata.slice(annotated).map(({ type, data }) => ({ type, data })),
    };
    const asset = assetDirectory(output, record.fingerprint);
    place(directory, asset, record);
    writeWhole(`${asset}.contents.json`, `${JSON.stringify(listing, undefined, 2)}\n`);
    if (props.reusable) writeRecord(output, props.inputs, record);
    sayProgress(scope, `bundled ${(record.bytes / 1024 ** 2).toFixed(1)} MB`);
    return record;
  } catch (error) {
    throw describeDiskError(scope, output, error as NodeJS.ErrnoException);
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** As the CDK computes the hash of the output of its own bundling. */
function fingerprintOf(scope: Construct, directory: string, exclude?: string[]): string {
  const salt: string | undefined = scope.node.tryGetContext('@aws-cdk/core:assetHashSalt');
  return cdk.FileSystem.fingerprint(directory, { exclude, ignoreMode: cdk.IgnoreMode.GIT, extraHash: salt });
}

/**
 * Gives a complete bundle its name. If the name is taken, by an earlier synthesis or by another one that runs now, that bundle stays,
 * unless it differs in files that are not part of the hash.
 */
function place(directory: string, asset: string, record: BundleRecord): void {
  if (existsSync(asset)) {
    if (hasContents(asset, record)) return;
    const replaced = mkdtempSync(path.join(path.dirname(asset), TEMPORARY));
    renameSync(asset, path.join(replaced, 'asset'));
    rmSync(replaced, { recursive: true, force: true });
  }
  try {
    renameSync(directory, asset);
  } catch (error) {
    if (!existsSync(asset)) throw error;
  }
}

/** Errors of the file system do not say which construct they are about, or what to do. */
function describeDiskError(scope: Construct, output: string, error: NodeJS.ErrnoException): Error {
  if (error.syscall === undefined || error.message.startsWith(scope.node.path)) return error;
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return new Error(`${scope.node.path}: cannot write the bundle to ${output}: ${error.message}${full ? '; free some space on that disk' : ''}`);
}

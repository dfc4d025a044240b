import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { findAssets } from './asset-files';
import { CODE_CACHES, makeCodeCache } from './code-cache';
import { EsbuildRunner } from './esbuild-runner';
import { LocalNodeBundling, namesBefore } from './local-node-bundling';
import { NodeAppOptions } from './node-app-options';
import { findNodeEntry, NodeEntry } from './node-entry';
import { rememberBundling } from '../remember-bundling';
import { stageBundle } from '../stage-bundle';

/** Bundles the user's app and the runtime into one file, with a Lambda handler. */
export function bundleNodeApp(
  scope: Construct,
  entryText: string,
  options: NodeAppOptions,
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
  esbuildRunner?: EsbuildRunner,
): { code: lambda.Code; handler: string } {
  const { code, entry, bundle } = bundleNodeEntry(scope, entryText, options, runtime, architecture, false, esbuildRunner);
  const record = { kind: 'node' as const, entry: entryText, options, runtime: runtime.name, architecture: architecture.name };
  return {
    code: rememberBundling(code, { ...record, root: entry.projectRoot, copied: options.assets ?? [] }),
    handler: `${bundle}.handler`,
  };
}

/** Bundles a program of the user into one file, without the runtime: `node <file>` runs it, with an extension that depends on the sources. */
export function bundleNodeScript(
  scope: Construct,
  entryText: string,
  options: NodeAppOptions,
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
): { code: lambda.Code; file: string } {
  const { code, bundle } = bundleNodeEntry(scope, entryText, options, runtime, architecture, true);
  return { code, file: bundle };
}

function bundleNodeEntry(
  scope: Construct,
  entryText: string,
  options: NodeAppOptions,
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
  isScript: boolean,
  esbuildRunner?: EsbuildRunner,
): { code: lambda.Code; entry: NodeEntry; bundle: string } {
  const entry = findNodeEntry(scope, entryText, options.projectRoot);
  if (options.format !== undefined && options.format !== 'cjs' && options.format !== 'esm') {
    throw new Error(`${scope.node.path}: format must be 'cjs' or 'esm', got ${JSON.stringify(options.format)}`);
  }
  const assets = () => findAssets(scope, entry.projectRoot, options.assets ?? [], options.exclude ?? []);
  // Commands may make assets, so what is there before they ran says nothing.
  const found = options.commandHooks ? undefined : assets();
  const bundle = bundlePathOf(entry, options.assets ?? []);
  const bundling = new LocalNodeBundling(scope.node.path, {
    entry,
    bundle,
    findAssets: () => found ?? assets(),
    nodeVersion: nodeVersionOf(runtime),
    architecture: architecture.name,
    isScript,
    options,
    finish: directory => {
      if (options.codeCache && !isScript) makeCodeCache(scope, directory, bundle, { nodeVersion: nodeVersionOf(runtime), runtime, architecture });
    },
  }, esbuildRunner);
  const code = cdk.Stack.of(scope).bundlingRequired
    ? stageBundle(scope, {
      inputs: JSON.stringify([entry.projectRoot, bundling]),
      reusable: false,
      assetHash: options.assetHash,
      hashExclude: options.codeCache ? [CODE_CACHES] : undefined,
      bundle: directory => bundling.bundle(directory),
    })
    // The CDK skips bundling, and makes a hash of the options.
    : lambda.Code.fromAsset(path.dirname(entry.file), {
      assetHashType: cdk.AssetHashType.OUTPUT,
      bundling: { image: cdk.DockerImage.fromRegistry('scratch'), local: bundling },
    });
  return { code, entry, bundle };
}

/**
 * The path of the bundle in the asset, without its extension. It is the path of the entry, but without dots in the file name: Lambda
 * takes everything after the first dot as the name of the handler. Lambda first looks for a file or folder without extension, and for
 * one that ends in .js. If an asset brings one, such as the source of the entry, the bundle has another name.
 */
function bundlePathOf({ relativeFile, projectRoot }: NodeEntry, assets: string[]): string {
  const { dir, name } = path.posix.parse(relativeFile);
  let bundle = path.posix.join(dir, name.replace(/\./g, '-'));
  while (namesBefore(bundle).some(file => isAsset(path.join(projectRoot, file), projectRoot, assets))) bundle += '-bundle';
  return bundle;
}

function isAsset(file: string, projectRoot: string, assets: string[]): boolean {
  return existsSync(file) && assets.some(asset => `${file}${path.sep}`.startsWith(`${path.resolve(projectRoot, asset)}${path.sep}`));
}

/** `nodejs22.x` runs Node 22. The runtime `nodejs`, the latest version in a region, has no number. */
function nodeVersionOf(runtime: lambda.Runtime): string {
  return /^nodejs(\d+)/.exec(runtime.name)?.[1] ?? '22';
}

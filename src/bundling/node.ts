import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { findAssets } from './asset-files';
import { LocalNodeBundling } from './local-node-bundling';
import { NodeAppOptions } from './node-app-options';
import { findNodeEntry } from './node-entry';

/** The user's app and the runtime in one file, and the Lambda handler in it. */
export function bundleNodeApp(
  scope: Construct,
  entryText: string,
  options: NodeAppOptions,
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
): { code: lambda.Code; handler: string } {
  const entry = findNodeEntry(scope, entryText);
  if (options.format !== undefined && options.format !== 'cjs' && options.format !== 'esm') {
    throw new Error(`${scope.node.path}: format must be 'cjs' or 'esm', got ${JSON.stringify(options.format)}`);
  }
  const bundle = bundlePathOf(entry.relativeFile);
  const code = lambda.Code.fromAsset(path.dirname(entry.file), {
    // The output alone decides: the same input gives the same hash in every directory.
    assetHashType: cdk.AssetHashType.OUTPUT,
    bundling: {
      // Never run: local bundling either works or fails with a reason.
      image: cdk.DockerImage.fromRegistry('scratch'),
      local: new LocalNodeBundling(scope.node.path, {
        entry,
        bundle,
        assets: findAssets(scope, entry.projectRoot, options.assets ?? []),
        nodeVersion: nodeVersionOf(runtime),
        architecture: architecture.name,
        options,
      }),
    },
  });
  return { code, handler: `${bundle}.handler` };
}

/**
 * Where the bundle lies in the asset, without its extension: at the entry's own place. Lambda takes everything after
 * the first dot of the file name for the name of the handler, so that there may be no dot in it.
 */
function bundlePathOf(relativeFile: string): string {
  const { dir, name } = path.posix.parse(relativeFile);
  return path.posix.join(dir, name.replace(/\./g, '-'));
}

/** `nodejs22.x` runs Node 22; `nodejs` with the latest version of a region has no number to go by. */
function nodeVersionOf(runtime: lambda.Runtime): string {
  return /^nodejs(\d+)/.exec(runtime.name)?.[1] ?? '22';
}

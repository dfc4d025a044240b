/**
 * A program that bundles apps again, one after the other, as their records say. It stays, because loading the CDK takes longer than to
 * bundle. Each message from its parent is a `RebuildRequest`, and is answered with a `RebuildReply`.
 */
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bundleNodeApp } from './node/bundle-node-app';
import { EsbuildRunner } from './node/esbuild-runner';
import { runInThread } from './node/esbuild-thread';
import { bundlePythonApp } from './python/bundle-python-app';
import { BundlingRecord } from './remember-bundling';

/** What the parent sends. */
export interface RebuildRequest {
  readonly record: BundlingRecord;
  /** An existing, empty folder. */
  readonly outputDirectory: string;
}

/** The folder with the bundle, or why it cannot be made. */
export type RebuildReply = { readonly directory: string } | { readonly error: string };

let esbuildRunner: EsbuildRunner | undefined;

if (require.main === module) {
  process.on('message', (request: RebuildRequest) => process.send!(rebuild(request)));
  process.on('disconnect', () => process.exit(0));
}

function rebuild({ record, outputDirectory }: RebuildRequest): RebuildReply {
  try {
    // Otherwise the CDK takes the same entry and options for the same bundle.
    cdk.AssetStaging.clearAssetHashCache();
    process.chdir(record.workingDirectory);
    const scope = scopeAt(new cdk.App({ outdir: outputDirectory }), record.path);
    const code = bundle(scope, record);
    const config = code.bind(scope);
    return { directory: `${outputDirectory}/asset.${config.s3Location!.objectKey.replace(/\.zip$/, '')}` };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** A construct with this path, so that error messages name the app as they do at synth. */
function scopeAt(app: cdk.App, constructPath: string): Construct {
  const [first, ...rest] = constructPath.split('/');
  return rest.reduce<Construct>((scope, id) => new Construct(scope, id), new cdk.Stack(app, first));
}

/** It takes time to make, and here nobody waits for a start. */
function withoutCodeCache(options: object): object {
  return { ...options, codeCache: undefined };
}

function bundle(scope: Construct, { kind, entry, options, runtime, architecture }: BundlingRecord): lambda.Code {
  const chosen = [
    entry, withoutCodeCache(options),
    new lambda.Runtime(runtime, kind === 'node' ? lambda.RuntimeFamily.NODEJS : lambda.RuntimeFamily.PYTHON),
    lambda.Architecture.custom(architecture, architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64'),
  ] as const;
  return (kind === 'node' ? bundleNodeApp(scope, ...chosen, esbuildRunner ??= runInThread()) : bundlePythonApp(scope, ...chosen)).code;
}

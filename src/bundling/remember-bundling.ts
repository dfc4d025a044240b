import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3_assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { writeWhole } from './write-whole';

/**
 * What is needed to bundle an app again, without synthesizing its stack. It is plain data, and written as JSON beside the asset:
 * `asset.<hash>` is bundled as `asset.<hash>.bundling.json` says. It is not uploaded, and no part of the asset's hash.
 */
export interface BundlingRecord {
  readonly kind: 'node' | 'python';
  /** The construct path of the app. */
  readonly path: string;
  /** The working directory of the CDK app, from which the paths in the entry and the options are looked up. */
  readonly workingDirectory: string;
  /** As the user wrote it. */
  readonly entry: string;
  /** `NodeAppOptions` or `PythonAppOptions`. */
  readonly options: object;
  /** Of the function, as in `nodejs24.x`. */
  readonly runtime: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
  /** The folder on this machine that the paths in the asset are relative to. */
  readonly root: string;
  /** Files and folders below the root that are copied into the asset as they are. Undefined if the whole root is. */
  readonly copied?: string[];
}

/** Makes code that leaves a record of its bundling beside its asset, when the stack is synthesized. */
export function rememberBundling(code: lambda.Code, record: Omit<BundlingRecord, 'path' | 'workingDirectory'>): lambda.Code {
  const bind = code.bind.bind(code);
  code.bind = (scope: Construct) => {
    const config = bind(scope);
    const asset = scope.node.tryFindChild('Code');
    // Options with functions cannot be repeated from JSON.
    if (asset && hasHash(asset) && isPlain(record)) {
      const file = path.join(cdk.Stage.of(scope)!.assetOutdir, `asset.${asset.assetHash}`);
      // It does not exist if bundling is skipped.
      if (existsSync(file)) {
        writeWhole(`${file}.bundling.json`, JSON.stringify({ path: scope.node.scope?.node.path, workingDirectory: process.cwd(), ...record }, undefined, 2));
      }
    }
    return config;
  };
  return code;
}

function hasHash(asset: Construct): asset is s3_assets.Asset {
  return typeof (asset as Partial<s3_assets.Asset>).assetHash === 'string';
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  const prototype = Object.getPrototypeOf(value);
  return (Array.isArray(value) || prototype === Object.prototype || prototype === null) && Object.values(value).every(isPlain);
}

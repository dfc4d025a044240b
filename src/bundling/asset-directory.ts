import { createHash } from 'node:crypto';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';

/** The bundling options of every app. Their JSON is part of the asset hash. */
export const BUNDLING: cdk.BundlingOptions = {
  // Docker is never used: the bundle has been made when the CDK sees it.
  image: cdk.DockerImage.fromRegistry('scratch'),
  outputType: cdk.BundlingOutput.NOT_ARCHIVED,
};

/**
 * The folder in which the CDK expects a bundled asset with a custom hash. If it exists, the CDK takes it as it is.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.AssetHashType.html
 */
export function assetDirectory(output: string, customHash: string): string {
  // The object that bundles has no public fields.
  const options = JSON.stringify({ ...BUNDLING, local: {} });
  return path.join(output, `asset.${createHash('sha256').update(customHash).update(options).digest('hex')}`);
}

/** The file to which the CDK copies an archive with a custom hash. If it exists, the CDK takes it as it is. */
export function archiveFile(output: string, customHash: string): string {
  return path.join(output, `asset.${createHash('sha256').update(customHash).digest('hex')}.zip`);
}

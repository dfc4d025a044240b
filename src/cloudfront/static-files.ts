import * as cdk from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { StaticFiles } from './static-files-options';
import { readStaticFolder, StaticFolder } from './static-folder';
import { uploadFolder } from './upload-folder';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MOST_PATHS = 75;

export interface StaticFilesSettings {
  readonly staticFiles: StaticFiles[];
  readonly bucket?: s3.IBucket;
}

/** Uploads folders, and leads their paths to them. The function, or its alias, is updated when the files are there. */
export function addStaticFiles(
  scope: Construct,
  distribution: cloudfront.Distribution,
  handler: lambda.IFunction,
  { staticFiles, bucket: given }: StaticFilesSettings,
): void {
  const door = scope.node.scope!;
  const folders = staticFiles.map(options => readStaticFolder(door, options));
  checkPaths(door, folders);
  const bucket = given ?? new s3.Bucket(scope, 'StaticFiles', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
  });
  const origin = S3BucketOrigin.withOriginAccessControl(bucket, {
    // Without the right to list, S3 answers 403 instead of 404 to a request for a file that is missing.
    originAccessLevels: [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
  });
  // It is about requests for the root of the bucket, and there are none: that path is the app's.
  cdk.Annotations.of(distribution).acknowledgeWarning('@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk');
  for (const folder of folders) {
    for (const pattern of folder.pathPatterns) {
      distribution.addBehavior(pattern, origin, {
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
      });
    }
    for (const deployment of uploadFolder(scope, folder, bucket)) handler.node.addDependency(deployment);
  }
}

function checkPaths(door: Construct, folders: readonly StaticFolder[]): void {
  const owners = new Map<string, StaticFolder>();
  for (const folder of folders) {
    for (const pattern of folder.pathPatterns) {
      const other = owners.get(pattern);
      if (other) {
        throw new Error(`${door.node.path}: staticFiles: ${folder.folder} and ${other.folder} both have the path ${pattern}; `
          + 'merge them into one folder, or give one of them another path');
      }
      owners.set(pattern, folder);
    }
  }
  if (owners.size >= MOST_PATHS) {
    throw new Error(`${door.node.path}: staticFiles: a distribution has at most ${MOST_PATHS} paths, with that of the app, and these folders have ${owners.size}; `
      + 'put their files into fewer folders, or give a folder a path of its own');
  }
}

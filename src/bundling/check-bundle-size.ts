import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PackageSize } from './bundle-sizes';

const MEGABYTE = 1024 ** 2;

/** Lambda unpacks 250 MB at most, layers included: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST_MEGABYTES = 250;
const LARGE_MEGABYTES = 200;

const NAMED = 5;

/** Throws if Lambda would refuse a bundle because of its size, and warns if that is near. */
export function checkBundleSize(scope: Construct, sizes: readonly PackageSize[]): void {
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  if (bytes <= LARGE_MEGABYTES * MEGABYTE) return;
  const largest = sizes.slice(0, NAMED).map(size => `${size.name} (${megabytes(size.bytes)})`).join(', ');
  if (bytes > LARGEST_MEGABYTES * MEGABYTE) {
    throw new Error(`${scope.node.path}: the bundle has ${megabytes(bytes)} unzipped, but Lambda accepts ${LARGEST_MEGABYTES} MB, layers included; `
      + `the largest parts are ${largest}; leave out files of the app with exclude, drop dependencies that only development needs, keep large `
      + 'data in Amazon S3 or Amazon EFS, or deploy the app as a container image, which may have 10 GB');
  }
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:bundle-size',
    `the bundle has ${megabytes(bytes)} unzipped, and Lambda accepts ${LARGEST_MEGABYTES} MB, layers included; the largest parts are ${largest}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(bytes < MEGABYTE ? 2 : 0)} MB`;
}

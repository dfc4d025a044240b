import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { InstalledPackages } from './packages-of';

/** Names the packages whose own code ran on this machine, and what could not be done without uv. */
export function reportInstallation(scope: Construct, { built, markersOf, metadataMissing }: InstalledPackages): void {
  if (built.length > 0) {
    cdk.Annotations.of(scope).addInfo(`built from source, because there is no wheel: ${built.join(', ')}; onlyWheels: true forbids it`);
  }
  if (markersOf !== undefined) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:pip-markers',
      `pip decides by the markers of its own Python ${markersOf}, which is not that of the function: packages that only one of them needs may be `
      + 'missing or too many; install uv, or the Python of the function');
  }
  if (metadataMissing !== undefined) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:own-metadata',
      `the app reads the metadata of packages, but its own is not in the bundle, because ${metadataMissing}`);
  }
}

import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Warns of a Node.js older than `engines` in package.json: npm warns of it once, and users of other languages never see npm. */
export function warnOfNode(scope: Construct): void {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 1)) return;
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:node',
    `the CDK runs on Node.js ${process.versions.node}, but this library needs 20.1 or later: a bundle may lack files; update Node.js on this machine`);
}

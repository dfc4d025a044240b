import * as cdk from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * Makes the secrets by which the runtime knows CloudFront. The template has references to them, which CloudFormation resolves.
 *
 * @returns the values; CloudFront sends the first one
 */
export function makeSecrets(scope: Construct, ids: string[] = ['1']): cdk.SecretValue[] {
  const door = scope.node.scope!.node.path;
  if (ids.length < 1 || ids.length > 2 || new Set(ids).size !== ids.length) {
    throw new Error(`${door}: secretIds must be one ID, or two different ones while the secret is rotated, got ${JSON.stringify(ids)}`);
  }
  for (const id of ids) {
    if (cdk.Token.isUnresolved(id) || !/^[\w-]{1,32}$/.test(id)) {
      throw new Error(`${door}: secretIds are IDs of constructs, with at most 32 letters, digits, hyphens and underscores, got ${JSON.stringify(id)}; `
        + 'the values are generated');
    }
  }
  return ids.map(id => new secretsmanager.Secret(scope, `Secret${id}`, {
    description: `What CloudFront sends to ${door}`,
    // It is a value of a header, and one of a list that is separated by spaces.
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  }).secretValue);
}

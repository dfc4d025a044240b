import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Warns that API Gateway refuses preflight requests. Browsers send them without credentials, whatever the authorizer, and some call an
 * API with IAM too: the answer is 401, or 403 with IAM and API keys. https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
 */
export function warnOfRefusedPreflights(scope: Construct, fix: string): void {
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:refused-preflights',
    'browsers send CORS preflight requests without credentials, so API Gateway answers them with 401 or 403, and pages of other origins '
    + `cannot call the app; ${fix}, or acknowledge this warning if no such page calls it`);
}

import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RemarkableFile } from './select-files';

const NAMED = 5;

/** Warns of files that are uploaded, although most projects should keep them to themselves. */
export function warnOfDoubtfulFiles(scope: Construct, doubtful: readonly RemarkableFile[]): void {
  if (doubtful.length === 0) return;
  const named = doubtful.slice(0, NAMED).map(({ path, reason }) => `${path} (${reason})`);
  const more = doubtful.length > NAMED ? ` and ${doubtful.length - NAMED} more` : '';
  const [{ path: first }] = doubtful;
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:doubtful-files',
    `files that may not be meant for AWS are uploaded: ${named.join(', ')}${more}; leave them out with exclude: [${JSON.stringify(`/${first}`)}], `
    + `or say that they are meant with exclude: [${JSON.stringify(`!/${first}`)}]`);
}

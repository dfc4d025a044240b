import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RemarkableFile } from '../select-files';

/**
 * Tells of settings that a server may read and that are not uploaded: Next, for instance, copies `.env` files into its standalone folder.
 */
export function sayLeftOutSettings(scope: Construct, leftOut: readonly RemarkableFile[]): void {
  const files = leftOut.map(({ path }) => path).filter(path => /(^|\/)\.env[^/]*$/.test(path) && !path.includes('node_modules/'));
  if (files.length === 0) return;
  cdk.Annotations.of(scope).addInfo(`${files.join(', ')} of the server ${files.length > 1 ? 'are' : 'is'} not uploaded, because settings may be secrets; `
    + `set the variables that the server needs with environment, or upload a file without secrets with exclude: [${JSON.stringify(`!/${files[0]}`)}]`);
}

import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ServerFolder } from './server-folder';

/**
 * Warns if the scripts and styles of a Next site are not uploaded: Next does not copy them into its standalone folder, and without them
 * the pages come but do nothing. https://nextjs.org/docs/app/api-reference/config/next-config-js/output
 */
export function warnOfMissingAssets(scope: Construct, server: ServerFolder): void {
  const build = path.posix.join(path.posix.dirname(server.file), '.next');
  const statics = `${build}/static`;
  if (!existsSync(path.join(server.directory, build, 'BUILD_ID'))) return;
  if (existsSync(path.join(server.directory, statics)) || server.files.some(({ target }) => target === statics)) return;
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:next-static',
    `the scripts and styles of the Next site are not uploaded, because ${statics} is not in the folder of the server; `
    + `copy it in with assets: { ${JSON.stringify(statics)}: '.next/static' }, and 'public' likewise if the site has one`);
}

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';

// The template validator of newer versions of the CDK takes seconds of each process.
process.env.CDK_VALIDATION = 'false';

/** Every flag that `cdk init` would set. */
export const RECOMMENDED_FLAGS: Record<string, unknown> = require('aws-cdk-lib/recommended-feature-flags.json'); // eslint-disable-line @typescript-eslint/no-require-imports

const SCRATCH = realpathSync(mkdtempSync(path.join(tmpdir(), 'wrapped-web-app-')));
afterAll(() => rmSync(SCRATCH, { recursive: true, force: true }));

/** A new folder outside of this repository, until the tests of the file have run. */
export function scratchFolder(): string {
  return mkdtempSync(path.join(SCRATCH, '-'));
}

/** An app whose code is not looked at: tests of templates need no bundle. */
export const ENTRY = path.join(scratchFolder(), 'app.js');
writeFileSync(ENTRY, 'module.exports = (req, res) => res.end();');

/** A stack named `Stack`, in which nothing is bundled. */
export function testStack(context: Record<string, unknown> = {}, props: cdk.StackProps = {}): cdk.Stack {
  const app = new cdk.App({ outdir: scratchFolder(), context: { 'aws:cdk:bundling-stacks': [], ...context } });
  return new cdk.Stack(app, 'Stack', props);
}

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** Every flag that `cdk init` would set. */
export const RECOMMENDED_FLAGS: Record<string, unknown> = require('aws-cdk-lib/recommended-feature-flags.json'); // eslint-disable-line @typescript-eslint/no-require-imports

const SCRATCH = realpathSync(mkdtempSync(path.join(tmpdir(), 'wrapped-web-app-')));
afterAll(() => rmSync(SCRATCH, { recursive: true, force: true }));

/** Makes a folder outside of this repository. It is deleted after the tests of the file. */
export function scratchFolder(): string {
  return mkdtempSync(path.join(SCRATCH, '-'));
}

/** An app for tests of templates, which need no bundle. */
export const ENTRY = path.join(scratchFolder(), 'app.js');
writeFileSync(ENTRY, 'module.exports = (req, res) => res.end();');

/** Makes a stack named `Stack`, in which nothing is bundled. */
export function testStack(context: Record<string, unknown> = {}, props: cdk.StackProps = {}): cdk.Stack {
  const app = new cdk.App({ outdir: scratchFolder(), context: { 'aws:cdk:bundling-stacks': [], ...context } });
  return new cdk.Stack(app, 'Stack', props);
}

/** The properties of the only function in a template. */
export function functionOf(template: Template): Record<string, any> {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  if (functions.length !== 1) throw new Error(`expected one function, found ${functions.length}`);
  return functions[0].Properties;
}

/** The front doors that the runtime of the only function is told about. */
export function doorsOf(template: Template): unknown {
  return JSON.parse(functionOf(template).Environment.Variables.WRAPPED_WEB_APP_DOORS);
}

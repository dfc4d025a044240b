import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, NodeAppOptions, WrappedWebApp } from '../../../src';

/** The bundle of an app that would be uploaded. */
export interface Bundle {
  readonly directory: string;
  /** The handler setting of the function: file and export. */
  readonly handler: string;
}

/** Bundles apps as a deployment would. */
export function bundlesOf(entries: readonly string[], options: NodeAppOptions = {}, runtime?: lambda.Runtime): Map<string, Bundle> {
  process.env.CDK_VALIDATION = 'false';
  const app = new cdk.App({ outdir: join(realpathSync(mkdtempSync(join(tmpdir(), 'wrapped-web-app-'))), 'cdk.out') });
  const stack = new cdk.Stack(app, 'Stack');
  const functions = entries.map((entry, index) => new WrappedWebApp(stack, `App${index}`, { entry: AppSource.node(entry, options), runtime }).handler);
  const assembly = app.synth();
  const { Resources } = assembly.getStackByName('Stack').template;
  return new Map(entries.map((entry, index) => {
    const { Properties } = Resources[stack.getLogicalId(functions[index].node.defaultChild as cdk.CfnElement)];
    const directory = join(assembly.directory, `asset.${parse(Properties.Code.S3Key).name}`);
    return [entry, { directory, handler: Properties.Handler }];
  }));
}

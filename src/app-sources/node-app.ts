import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { _ScriptConfig, AppSourceBindOptions, AppSourceConfig } from './app-source-config';
import { NODE_ENVIRONMENT } from './node-environment';
import { bundleNodeApp, bundleNodeScript } from '../bundling/node/bundle-node-app';
import { NodeAppOptions } from '../bundling/node/node-app-options';

/** The runtime of a Node app if the user chose none. */
export const NODE_RUNTIME = lambda.Runtime.NODEJS_24_X;

/** Bundles a Node app, and sets its environment. */
export function bindNodeApp(scope: Construct, entry: string, appOptions: NodeAppOptions, options: AppSourceBindOptions): AppSourceConfig {
  const { runtime = NODE_RUNTIME, architecture } = options;
  if (runtime.family !== lambda.RuntimeFamily.NODEJS) {
    throw new Error(`${scope.node.path}: ${entry} is a Node app and cannot run on ${runtime.name}; choose a nodejs runtime or drop runtime`);
  }
  return {
    ...bundleNodeApp(scope, entry, appOptions, runtime, architecture),
    runtime,
    environment: NODE_ENVIRONMENT,
  };
}

/** Bundles a script with the options of the app, so that it has the same assets and packages. */
export function bindNodeScript(scope: Construct, script: string, appOptions: NodeAppOptions, options: AppSourceBindOptions): _ScriptConfig {
  const { runtime = NODE_RUNTIME, architecture } = options;
  const { code, file } = bundleNodeScript(scope, script, appOptions, runtime, architecture);
  return { code, command: ['node', file] };
}

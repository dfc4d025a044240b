import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AppSourceBindOptions, AppSourceConfig } from './app-source-config';
import { NODE_RUNTIME } from './node-app';
import { bundleServer } from '../bundling/server/bundle-server';
import { ServerAppOptions } from '../bundling/server/server-app-options';

/** Uploads a built server, and sets what servers read from their environment. */
export function bindServerApp(scope: Construct, folder: string, appOptions: ServerAppOptions, options: AppSourceBindOptions): AppSourceConfig {
  const { runtime = NODE_RUNTIME, architecture } = options;
  if (runtime.family !== lambda.RuntimeFamily.NODEJS) {
    throw new Error(`${scope.node.path}: the server in ${folder} is a Node server and cannot run on ${runtime.name}; choose a nodejs runtime or drop runtime`);
  }
  return {
    ...bundleServer(scope, folder, appOptions, architecture),
    runtime,
    // No port is opened: the variables are for servers that refuse to start without them, or would look for a free port.
    environment: { NODE_ENV: 'production', PORT: '3000', HOST: '0.0.0.0' },
  };
}

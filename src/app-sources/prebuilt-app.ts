import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AppSourceBindOptions, AppSourceConfig } from './app-source-config';
import { NODE_RUNTIME } from './node-app';
import { nodeEnvironment } from './node-environment';

/** Uses code that was built elsewhere. */
export function bindPrebuiltApp(_scope: Construct, code: lambda.Code, handler: string, options: AppSourceBindOptions): AppSourceConfig {
  const { runtime = NODE_RUNTIME, environment } = options;
  return { code, handler, runtime, ...runtime.family === lambda.RuntimeFamily.NODEJS ? nodeEnvironment(environment) : {} };
}

import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ServerAppOptions } from './server-app-options';
import { ServerBundle } from './server-bundle';
import { findServer } from './server-folder';
import { runCommandHook } from '../command-hooks';
import { stageBundle } from '../stage-bundle';

/** The module that Lambda loads. It lies at the top of the asset, beside the runtime. */
const HANDLER_MODULE = 'wrapped-web-app-handler';

/** Uploads a built server as it is, with the runtime beside it. */
export function bundleServer(
  scope: Construct,
  folder: string,
  options: ServerAppOptions,
  architecture: lambda.Architecture,
): { code: lambda.Code; handler: string } {
  const { commandHooks } = options;
  const find = () => findServer(scope, folder, options);
  // The commands may build the server, so what is there before they ran says nothing.
  const found = commandHooks ? undefined : find();
  const project = projectOf(path.resolve(folder));
  const inputs = JSON.stringify([path.resolve(folder), options, architecture.name, commandHooks?.beforeBundling(project, ''), commandHooks?.afterBundling(project, '')]);
  const code = cdk.Stack.of(scope).bundlingRequired
    ? stageBundle(scope, {
      inputs,
      reusable: false,
      archived: true,
      sizesByFolder: true,
      bundle: directory => {
        runCommandHook(scope.node.path, commandHooks, 'beforeBundling', project, directory);
        const remarkable = new ServerBundle(scope, found ?? find(), options.exclude ?? [], HANDLER_MODULE).write(directory);
        runCommandHook(scope.node.path, commandHooks, 'afterBundling', project, directory);
        return remarkable;
      },
    })
    // The CDK skips bundling, and needs a folder that exists.
    : lambda.Code.fromAsset(found?.directory ?? project, {
      assetHash: JSON.stringify([folder, options]),
      assetHashType: cdk.AssetHashType.CUSTOM,
      bundling: { image: cdk.DockerImage.fromRegistry('scratch') },
    });
  return { code, handler: `${HANDLER_MODULE}.handler` };
}

/** The folder of the nearest package.json above the folder of the server, in which the framework builds. */
function projectOf(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(path.join(parent, 'package.json')) || parent === folder ? parent : projectOf(parent);
}

import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3_assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { PACKAGE_ROOT } from '../bundling/package-root';
import { WrappedWebApp } from '../wrapped-web-app';

/** In the Python bundle. */
const PYTHON_MODULE = 'wrapped_web_app_runtime.commands.command_handler';

/** In a layer, which Lambda unpacks there, so that the code of an app has nothing in it that runs no requests. */
const NODE_MODULE = '/opt/wrapped-web-app-command';

/** What the function of a command runs. */
export interface CommandCode {
  readonly function: Pick<lambda.FunctionProps, 'code' | 'handler' | 'runtime'>;
  /** The layer with the handler, if the code has none. */
  readonly layers: lambda.ILayerVersion[];
  /** The words of the command, in the folder of the code. */
  readonly command: readonly string[];
}

/** The code of the app, or of a script that is bundled beside it. */
export function codeOfCommand(
  scope: Construct,
  app: WrappedWebApp,
  { command, entry, architecture }: { command?: string[]; entry?: string; architecture?: lambda.Architecture },
): CommandCode {
  const { runtime } = app.handler;
  if ((command === undefined) === (entry === undefined)) {
    throw new Error(`${scope.node.path}: give either command, e.g. ['python', 'manage.py', 'migrate'], or entry, e.g. 'scripts/migrate.ts', got ${command ? 'both' : 'neither'}`);
  }
  if (entry !== undefined) {
    const script = app._source._bindScript(scope, entry, { runtime, architecture: architecture ?? app.handler.architecture });
    return { command: script.command, ...handlerFor(scope, app, script.code ?? codeOfApp(scope, app)) };
  }
  if (!Array.isArray(command) || command.length === 0 || !command.every(word => typeof word === 'string' && word !== '')) {
    throw new Error(`${scope.node.path}: command must be a list of words, e.g. ['python', 'manage.py', 'migrate'], got ${JSON.stringify(command)}`);
  }
  return { command, ...handlerFor(scope, app, codeOfApp(scope, app)) };
}

function handlerFor(scope: Construct, app: WrappedWebApp, code: lambda.Code): Omit<CommandCode, 'command'> {
  const { runtime } = app.handler;
  switch (runtime.family) {
    case lambda.RuntimeFamily.NODEJS: {
      const folder = path.join(PACKAGE_ROOT, 'lib/lambda-runtime/node/command-layer');
      const layer = new lambda.LayerVersion(scope, 'Layer', { code: lambda.Code.fromAsset(folder), description: 'runs commands of web apps' });
      return { function: { code, runtime, handler: `${NODE_MODULE}.handler` }, layers: [layer] };
    }
    case lambda.RuntimeFamily.PYTHON:
      refuseWithoutHandler(scope, app);
      return { function: { code, runtime, handler: `${PYTHON_MODULE}.handler` }, layers: [] };
    default:
      throw new Error(`${scope.node.path}: commands run on nodejs and python runtimes only, got ${runtime.name}`);
  }
}

/** The same code, of whatever kind: an asset can be bound to one function only. */
function codeOfApp(scope: Construct, app: WrappedWebApp): lambda.Code {
  const ofApp = app.handler.node.defaultChild as lambda.CfnFunction;
  const { s3Bucket, s3Key, s3ObjectVersion } = ofApp.code as lambda.CfnFunction.CodeProperty;
  if (s3Bucket === undefined || s3Key === undefined) {
    throw new Error(`${scope.node.path}: the code of ${app.node.path} is in the template or in an image, and commands need an asset or a bucket; `
      + 'use AppSource.node, AppSource.python or AppSource.server');
  }
  return new SharedCode({ s3Location: { bucketName: s3Bucket, objectKey: s3Key, objectVersion: s3ObjectVersion } }, ofApp);
}

class SharedCode extends lambda.Code {
  public readonly isInline = false;

  constructor(private readonly config: lambda.CodeConfig, private readonly ofApp: lambda.CfnFunction) {
    super();
  }

  public bind(): lambda.CodeConfig {
    return this.config;
  }

  /** So that tools find the asset on this machine. */
  public override bindToResource(resource: cdk.CfnResource): void {
    for (const [name, value] of Object.entries(this.ofApp.cfnOptions.metadata ?? {})) {
      if (name.startsWith('aws:asset:')) resource.addMetadata(name, value);
    }
  }
}

/** Prebuilt code may have no runtime, or a version from before there were commands. */
function refuseWithoutHandler(scope: Construct, app: WrappedWebApp): void {
  const asset = app.handler.node.tryFindChild('Code') as Partial<s3_assets.Asset> | undefined;
  const folder = asset?.assetPath && path.resolve(cdk.Stage.of(scope)!.assetOutdir, asset.assetPath);
  const file = `${PYTHON_MODULE.replace(/\./g, '/')}.py`;
  if (!folder || !existsSync(folder) || /\.(zip|jar)$/.test(folder) || !cdk.Stack.of(scope).bundlingRequired || existsSync(path.join(folder, file))) return;
  throw new Error(`${scope.node.path}: the code of ${app.node.path} has no ${file}, which runs commands; install the current wrapped-web-app-runtime into it`);
}

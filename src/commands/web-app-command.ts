import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as triggers from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { codeOfCommand } from './command-code';
import { invokeLine } from './invoke-line';
import { runInDeployment } from './run-in-deployment';
import { environmentOf, settingsOf } from './settings-of-app';
import { logGroupOf } from '../log-group';
import { COMMAND_VARIABLE } from '../private/contract';
import { WrappedWebApp } from '../wrapped-web-app';

/**
 * Properties of a `WebAppCommand`: its own ones, and all options of a Lambda function. Those that are not set are the app's, except for
 * `timeout`, which is 10 minutes, and the options that belong to one function only.
 *
 * Experimental: a minor version may change it.
 *
 * @experimental
 */
export interface WebAppCommandProps extends lambda.FunctionOptions {
  /** The app whose code, environment variables, VPC and layers the command has. It must be in the same stack. */
  readonly app: WrappedWebApp;

  /**
   * The words of the command, e.g. `['python', 'manage.py', 'migrate', '--noinput']`. It runs without a shell and without input, in the
   * folder of the app's code.
   *
   * `node` and `python` are those of the function. Commands of packages are found by their names: `['alembic', 'upgrade', 'head']`, or
   * `['prisma', 'migrate', 'deploy']` with `prisma` in the `nodeModules` of the app.
   *
   * @default - `entry` is run
   */
  readonly command?: string[];

  /**
   * A script that is run with `node` or `python`, e.g. `scripts/migrate.ts`. It is relative to the working directory of the CDK app.
   *
   * For a Node app it is bundled with the options of the app, so it has the same `assets` and `nodeModules`. For a Python app it is one of
   * the uploaded files.
   *
   * @default - `command` is run
   */
  readonly entry?: string;

  /**
   * Whether the command runs in each deployment that changes its code or its settings. If it fails, the deployment fails, and the last
   * lines of its output are the reason that CloudFormation gives.
   *
   * If the app has an alias, the command runs before the alias points to the new version. Without an alias, the new code may be live
   * before the command runs.
   *
   * AWS calls the command again if it loses the connection to it, and may do so when a deployment is rolled back, so it must be possible to
   * run it twice. It is run by a custom resource, which `aws-cdk-lib/triggers` adds.
   *
   * @default false
   */
  readonly onDeploy?: boolean;
}

/**
 * A command of a web app in a function of its own: migrations, management commands, jobs.
 *
 * The function has the code, the environment variables, the memory, the VPC, the security groups, the layers and the file system of the
 * app, and a role and a timeout of its own. Every option of a function can be set; `environment` is added to the variables of the app.
 * Options that belong to one function only, such as the role, permissions, concurrency and the dead-letter queue, are not taken over.
 *
 * It runs in a deployment (`onDeploy`), on a schedule (its `handler` is the target), or by hand: an output of the stack has the command
 * line. It takes further arguments from its payload, `{ "args": ["--plan"] }`. A command that fails fails the invocation.
 *
 * Experimental: a minor version may change it.
 *
 * @experimental
 */
export class WebAppCommand extends Construct implements iam.IGrantable, ec2.IConnectable {
  /** The function that runs the command, e.g. as the target of a schedule. */
  public readonly handler: lambda.Function;

  /** What runs the command in a deployment, if `onDeploy` is set: `trigger.executeAfter(database)` lets it wait for other resources. */
  public readonly trigger?: triggers.Trigger;

  /** The principal that permissions are granted to: that of the function. */
  public readonly grantPrincipal: iam.IPrincipal;

  /**
   * @param scope the stack of the app, or a construct in it
   * @param id the name of the command in its scope
   * @param props the app, the command, and the options of the function
   */
  constructor(scope: Construct, id: string, props: WebAppCommandProps) {
    super(scope, id);
    const { app, command, entry, onDeploy = false, ...options } = props;
    const { logRetention, logRemovalPolicy, ...ofUser } = withoutUndefined(options);
    if (cdk.Stack.of(this) !== cdk.Stack.of(app)) {
      throw new Error(`${this.node.path}: the app ${app.node.path} is in another stack; make the command in the stack of the app`);
    }
    const ofApp = settingsOf(app, ofUser);
    const timeout = ofUser.timeout ?? cdk.Duration.minutes(10);
    const code = codeOfCommand(this, app, { command, entry, architecture: ofUser.architecture });

    this.handler = new lambda.Function(this, 'Handler', {
      ...functionOptionsOf(ofApp),
      ...ofUser,
      timeout,
      logGroup: logGroupOf(this, ofUser.logGroup ? options : { ...ofApp, ...withoutUndefined(options) }),
      ...code.function,
      layers: [...ofUser.layers ?? ofApp.layers ?? [], ...code.layers],
      environment: { ...ofUser.environment, [COMMAND_VARIABLE]: cdk.Stack.of(this).toJsonString(code.command) },
    });
    environmentOf(app, this.handler);
    this.grantPrincipal = this.handler.grantPrincipal;

    if (onDeploy) this.trigger = runInDeployment(this, app, this.handler, timeout);
    new cdk.CfnOutput(this, 'Invoke', { value: invokeLine(this.handler), description: 'runs the command' });
  }

  /** The network connections of the function. Reading them throws an error if the function has no VPC. */
  public get connections(): ec2.Connections {
    return this.handler.connections;
  }
}

/** An option that is undefined is as if it were not there, and is that of the app. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** The log group has its own resource, which has these. */
function functionOptionsOf({ logRetention, logRemovalPolicy, ...others }: lambda.FunctionOptions): lambda.FunctionOptions {
  return others;
}

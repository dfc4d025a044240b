import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AppSource, appSourceOf } from './app-source';
import { checkPythonStreaming } from './bundling/python-streaming';
import { FrontDoorConfig, FrontDoorName, frontDoorOf, IFrontDoor } from './front-door';
import { checkDoor } from './private/check-door';
import { DoorContract, DOORS_VARIABLE, OPTIONS_VARIABLE } from './private/contract';
import { warnOfLimits } from './private/warn-of-limits';
import { RuntimeOptions, runtimeOptionsOf } from './runtime-options';

/** Properties of a `WrappedWebApp`: a few of its own, and everything that a function takes. */
export interface WrappedWebAppProps extends lambda.FunctionOptions, RuntimeOptions {
  /**
   * The web app: a file, or an `AppSource` where there is more to say.
   *
   * A file that ends in `.ts .tsx .mts .cts .js .mjs .cjs` is a Node app, one that ends in `.py` a Python app. It is relative to the working directory of the CDK app.
   */
  readonly entry: string | AppSource;

  /**
   * What turns HTTP requests into invocations: `function-url`, `http-api`, `rest-api`, `alb`, or a `FrontDoor` where there is more to say.
   *
   * @default 'function-url'
   */
  readonly frontDoor?: FrontDoorName | IFrontDoor;

  /**
   * The runtime of the function.
   *
   * @default - `AppSource.NODE_RUNTIME` or `AppSource.PYTHON_RUNTIME`
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Whether responses are sent while the app writes them. `function-url` and `rest-api` can.
   *
   * Experimental for Python apps: AWS's own Python client cannot stream, and a runtime loop of ours takes its place.
   *
   * @default false
   */
  readonly responseStreaming?: boolean;

  /**
   * The name of an alias that the front doors call instead of the function, e.g. `live`: it stands for a version, and each change
   * of the code or the settings publishes a new one. For gradual deployments, provisioned concurrency and SnapStart.
   *
   * @default - none: the front doors call the function
   */
  readonly aliasName?: string;

  /**
   * Settings of the alias, such as provisioned concurrency.
   *
   * @default - none
   */
  readonly aliasOptions?: lambda.AliasOptions;
}

/**
 * A web app on AWS Lambda that sees and sends the HTTP that it would on a plain server.
 */
export class WrappedWebApp extends Construct implements iam.IGrantable, ec2.IConnectable {
  /** The function that runs the app. */
  public readonly handler: lambda.Function;

  /** The alias that the front doors call, where `aliasName` asks for one. */
  public readonly alias?: lambda.Alias;

  /** The address of the app behind its front door: with a slash at its end, but for an app at a path, which ends without one. */
  public readonly url: string;

  /** The principal that permissions are granted to: the function's. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** The Function URL, where the front door made one. */
  public readonly functionUrl?: lambda.FunctionUrl;

  /** The HTTP API, where the front door made one. */
  public readonly httpApi?: apigwv2.HttpApi;

  /** The REST API, where the front door made one. */
  public readonly restApi?: apigateway.RestApi;

  /** The load balancer, where the front door made one. Its security groups are `loadBalancer.connections`. */
  public readonly loadBalancer?: elbv2.ApplicationLoadBalancer;

  /** The load balancer's listener, where the front door made one. */
  public readonly listener?: elbv2.ApplicationListener;

  /** The load balancer's target group, where the front door made one. */
  public readonly targetGroup?: elbv2.ApplicationTargetGroup;

  private readonly props: WrappedWebAppProps;
  private readonly doors: FrontDoorConfig[] = [];

  /**
   * @param scope the stack, or a construct in it
   * @param id the name of the app in its scope
   * @param props the app, its front door, and anything that a function takes
   */
  constructor(scope: Construct, id: string, props: WrappedWebAppProps) {
    super(scope, id);
    this.props = props;

    this.handler = this.makeFunction(appSourceOf(this, props.entry));
    this.grantPrincipal = this.handler.grantPrincipal;
    this.alias = this.makeAlias();

    const door = this.bindDoor('FrontDoor', frontDoorOf(this, props.frontDoor ?? 'function-url'));
    this.url = door.url;
    this.functionUrl = door.functionUrl;
    this.httpApi = door.httpApi;
    this.restApi = door.restApi;
    this.loadBalancer = door.loadBalancer;
    this.listener = door.listener;
    this.targetGroup = door.targetGroup;

    new cdk.CfnOutput(this, 'Url', { value: this.url });
  }

  /** The function's network connections. Reading them is an error where the function has no VPC. */
  public get connections(): ec2.Connections {
    return this.handler.connections;
  }

  /**
   * Adds another front door to the same function, e.g. an internal load balancer beside a public API.
   *
   * @param id the name of the door's scope
   * @param frontDoor a short name, or a `FrontDoor`
   * @returns the address and the resources of the door; the address is also printed after a deployment
   */
  public addFrontDoor(id: string, frontDoor: FrontDoorName | IFrontDoor): FrontDoorConfig {
    const door = this.bindDoor(id, frontDoorOf(this, frontDoor));
    new cdk.CfnOutput(this, `${id}Url`, { value: door.url });
    return door;
  }

  private makeFunction(source: AppSource): lambda.Function {
    const { entry, frontDoor, responseStreaming, aliasName, aliasOptions, runtime, logRemovalPolicy, ...functionProps } = this.props;
    const runtimeOptions = runtimeOptionsOf(this, this.props);
    const { environment, ...bound } = source.bind(this, {
      runtime,
      architecture: this.props.architecture ?? lambda.Architecture.X86_64,
      responseStreaming,
    });
    if (responseStreaming && bound.runtime.family === lambda.RuntimeFamily.PYTHON) checkPythonStreaming(this, this.props);

    return new lambda.Function(this, 'Handler', {
      ...functionProps,
      // The CDK's 3 seconds and 128 MB are too little for a web app; no API Gateway waits longer than 29 or 30 seconds by default.
      timeout: functionProps.timeout ?? cdk.Duration.seconds(29),
      memorySize: functionProps.memorySize ?? 1024,
      ...this.logging(),
      ...bound,
      environment: {
        ...environmentOf(bound.runtime, { ...environment, ...this.props.environment }),
        // Doors can be added until the template is written.
        [DOORS_VARIABLE]: cdk.Lazy.string({ produce: () => JSON.stringify(this.doors.map(contractOf)) }),
        ...runtimeOptions && { [OPTIONS_VARIABLE]: runtimeOptions },
      },
    });
  }

  /** The log group that Lambda makes by itself keeps everything for ever and belongs to no stack. */
  private logging(): Pick<lambda.FunctionOptions, 'logGroup' | 'logRemovalPolicy'> {
    const { logGroup, logRetention, logRemovalPolicy } = this.props;
    if (logGroup !== undefined) return { logGroup };
    if (logRetention !== undefined) return { logRemovalPolicy };
    return {
      logGroup: new logs.LogGroup(this, 'LogGroup', {
        retention: logs.RetentionDays.ONE_MONTH,
        removalPolicy: logRemovalPolicy,
      }),
    };
  }

  private makeAlias(): lambda.Alias | undefined {
    const { aliasName, aliasOptions, snapStart } = this.props;
    if (aliasName !== undefined) {
      return new lambda.Alias(this, 'Alias', { ...aliasOptions, aliasName, version: this.handler.currentVersion });
    }
    if (aliasOptions) throw new Error(`${this.node.path}: aliasOptions without aliasName; give the alias a name, e.g. aliasName: 'live'`);
    if (snapStart) {
      throw new Error(`${this.node.path}: snapStart works on published versions only, and the front door would call the function itself; `
        + "give it an alias, e.g. aliasName: 'live'");
    }
    return undefined;
  }

  private bindDoor(id: string, frontDoor: IFrontDoor): FrontDoorConfig {
    const { responseStreaming, vpc } = this.props;
    const door = frontDoor.bind(new Construct(this, id), {
      handler: this.alias ?? this.handler,
      responseStreaming,
      vpc,
      timeout: this.handler.timeout,
    });
    checkDoor(`${this.node.path}/${id}`, door, this.doors, responseStreaming ?? false);
    warnOfLimits(this, id, door, this.handler.timeout!, this.props.memorySize);
    this.doors.push(door);
    return door;
  }
}

function contractOf({ door, mountPrefix, responseMode }: FrontDoorConfig): DoorContract {
  return { door, mountPrefix, responseMode };
}

/** What Node needs to behave as in production; what the user set is kept. */
function environmentOf(runtime: lambda.Runtime, given: { [key: string]: string } = {}): { [key: string]: string } {
  if (runtime.family !== lambda.RuntimeFamily.NODEJS) return given;
  const sourceMaps = '--enable-source-maps';
  const options = given.NODE_OPTIONS ?? '';
  return {
    NODE_ENV: 'production',
    ...given,
    NODE_OPTIONS: options.includes(sourceMaps) ? options : [options, sourceMaps].filter(Boolean).join(' '),
  };
}

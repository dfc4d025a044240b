import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AppSource, appSourceOf } from './app-source';
import { checkManagedInstances, checkSnapStart } from './check-environments';
import { frontDoorOf } from './front-door';
import { checkFrontDoor } from './front-doors/check-front-door';
import { IFrontDoorMetrics } from './front-doors/front-door-metrics';
import { FrontDoorConfig, FrontDoorName, IFrontDoor } from './front-doors/i-front-door';
import { refuseConflicts } from './front-doors/refuse-conflicts';
import { refuseMistakableDoors } from './front-doors/refuse-mistakable-doors';
import { warnOfLimits } from './front-doors/warn-of-limits';
import { logGroupOf } from './log-group';
import { CDN_SECRETS_VARIABLE, DoorContract, DOORS_VARIABLE, OPTIONS_VARIABLE } from './private/contract';
import { RuntimeOptions, runtimeOptionsOf } from './runtime-options';
import { warnOfNode } from './warn-of-node';

/**
 * Properties of a `WrappedWebApp`: its own ones, and all options of a Lambda function.
 *
 * Some of those have other defaults here than in the CDK: `timeout` is 29 seconds, `memorySize` is 1024 MB, and the log group is kept for
 * a month. `environment` is added to `NODE_ENV=production` of Node apps, and wins.
 */
export interface WrappedWebAppProps extends lambda.FunctionOptions, RuntimeOptions {
  /**
   * The web app: the name of a file, or an `AppSource` with options.
   *
   * A file with the extension `.ts .tsx .mts .cts .js .mjs` or `.cjs` is a Node app, and a `.py` file is a Python app. The name is
   * relative to the working directory of the CDK app. `src/app.ts:server` means the export `server` of that file.
   */
  readonly entry: string | AppSource;

  /**
   * What turns HTTP requests into invocations of the function: `function-url`, `http-api`, `rest-api`, `alb`, or a `FrontDoor` with options.
   *
   * @default 'function-url'
   */
  readonly frontDoor?: FrontDoorName | IFrontDoor;

  /**
   * The runtime of the function. It is an error if it is for another language than the app.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
   * @default - `AppSource.NODE_RUNTIME`; for a Python app `AppSource.PYTHON_RUNTIME`
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Whether responses are sent while the app writes them. Only `function-url` and `rest-api` can do this; with `http-api` and `alb` it is
   * an error.
   *
   * Experimental for Python apps: AWS's Python client cannot stream, so the function uses a runtime loop of this library instead.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
   * @default false
   */
  readonly responseStreaming?: boolean;

  /**
   * The name of an alias that the front doors call instead of the function, e.g. `live`. The alias points to a version of the function,
   * and each change of the code or the settings publishes a new version. For gradual deployments, provisioned concurrency and SnapStart.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
   * @default - no alias: the front doors call the function
   */
  readonly aliasName?: string;

  /**
   * Settings of the alias, such as provisioned concurrency. Without `aliasName` they are an error.
   *
   * @default - none
   */
  readonly aliasOptions?: lambda.AliasOptions;
}

/**
 * A web app on AWS Lambda, behind one or more front doors. It receives and sends the same HTTP as on a plain server.
 *
 *     new WrappedWebApp(this, 'Api', { entry: 'src/app.ts', frontDoor: 'http-api' });
 */
export class WrappedWebApp extends Construct implements iam.IGrantable, ec2.IConnectable {
  /** The function that runs the app. */
  public readonly handler: lambda.Function;

  /** The alias that the front doors call, if `aliasName` is set. */
  public readonly alias?: lambda.Alias;

  /**
   * The URL of the app behind its front door. It ends with a slash at the root of a host or stage, and without one if the app is at a path.
   *
   * `web.handler.addEnvironment('BASE_URL', web.url)` works with every front door but `function-url`, whose URL depends on the function: it
   * needs `publicUrl`.
   */
  public readonly url: string;

  /** The principal that permissions are granted to: that of the function. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** The Function URL, if the front door made one. */
  public readonly functionUrl?: lambda.FunctionUrl;

  /** The HTTP API, if the front door made one. */
  public readonly httpApi?: apigwv2.HttpApi;

  /** The REST API, if the front door made one. */
  public readonly restApi?: apigateway.RestApi;

  /** The load balancer, if the front door made one. Its security groups are `loadBalancer.connections`. */
  public readonly loadBalancer?: elbv2.ApplicationLoadBalancer;

  /** The listener of the load balancer, if the front door made one. */
  public readonly listener?: elbv2.ApplicationListener;

  /** The target group of the load balancer, if the front door made one. */
  public readonly targetGroup?: elbv2.ApplicationTargetGroup;

  /** @internal */
  public readonly _props: WrappedWebAppProps;

  /** @internal */
  public readonly _source: AppSource;

  private readonly metrics?: IFrontDoorMetrics;
  /** By their construct paths. */
  private readonly doors = new Map<string, FrontDoorConfig>();

  /**
   * @param scope the stack, or a construct in it
   * @param id the name of the app in its scope
   * @param props the app, its front door, and the options of the function
   */
  constructor(scope: Construct, id: string, props: WrappedWebAppProps) {
    super(scope, id);
    this._props = props;

    warnOfNode(this);
    // A JavaScript app can call this without props, or without entry.
    this._source = appSourceOf(this, (props as WrappedWebAppProps | undefined)?.entry);
    // Before the app is bundled, which takes time.
    const frontDoor = frontDoorOf(this, props.frontDoor ?? 'function-url');
    this.handler = this.makeFunction(this._source);
    this.grantPrincipal = this.handler.grantPrincipal;
    this.alias = this.makeAlias();

    const door = this.bindDoor('FrontDoor', frontDoor);
    this.url = door.url;
    this.functionUrl = door.functionUrl;
    this.httpApi = door.httpApi;
    this.restApi = door.restApi;
    this.loadBalancer = door.loadBalancer;
    this.listener = door.listener;
    this.targetGroup = door.targetGroup;
    this.metrics = door.metrics;

    new cdk.CfnOutput(this, 'Url', { value: this.url });
  }

  /** The network connections of the function. Reading them throws an error if the function has no VPC. */
  public get connections(): ec2.Connections {
    return this.handler.connections;
  }

  /**
   * Adds another front door to the same function, e.g. an internal load balancer in addition to a public API.
   *
   * @param id the id of the front door in the scope of the app
   * @param frontDoor a short name, or a `FrontDoor`
   * @returns the URL and the resources of the front door; the URL is also printed after a deployment
   */
  public addFrontDoor(id: string, frontDoor: FrontDoorName | IFrontDoor): FrontDoorConfig {
    const door = this.bindDoor(id, frontDoorOf(this, frontDoor));
    new cdk.CfnOutput(this, `${id}Url`, { value: door.url });
    return door;
  }

  /**
   * The number of requests through the front door of the app. Those of another one are `metrics` of what `addFrontDoor` returns.
   *
   * Throws an error if the app shares an API with others, whose requests AWS counts together.
   *
   * @default - the sum over 5 minutes
   */
  public metricRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricsOfDoor('metricRequests').metricRequests(options);
  }

  /**
   * The number of responses with a 4xx status, as `metricRequests`.
   *
   * @default - the sum over 5 minutes
   */
  public metric4xx(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricsOfDoor('metric4xx').metric4xx(options);
  }

  /**
   * The number of responses with a 5xx status, as `metricRequests`. It counts what the app and the runtime answer. A function that ends
   * without an answer is counted too, but by a load balancer: there it is in `handler.metricErrors()`.
   *
   * @default - the sum over 5 minutes
   */
  public metric5xx(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricsOfDoor('metric5xx').metric5xx(options);
  }

  /**
   * How long requests take, as `metricRequests`: in milliseconds, for a load balancer in seconds.
   *
   * @default - the average over 5 minutes
   */
  public metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricsOfDoor('metricLatency').metricLatency(options);
  }

  private metricsOfDoor(method: string): IFrontDoorMetrics {
    if (this.metrics) return this.metrics;
    throw new Error(`${this.node.path}: ${method} is not known, because AWS counts the requests of all apps behind this front door together; `
      + 'use the metrics of its API, or those of the function, e.g. handler.metricErrors()');
  }

  private makeFunction(source: AppSource): lambda.Function {
    const { entry, frontDoor, responseStreaming, aliasName, aliasOptions, runtime, logRetention, logRemovalPolicy, ...functionProps } = this._props;
    const runtimeOptions = runtimeOptionsOf(this, this._props);
    const { environment, ...bound } = source.bind(this, {
      runtime,
      architecture: this._props.architecture ?? lambda.Architecture.X86_64,
      responseStreaming,
      backgroundWork: this._props.backgroundWork,
      environment: this._props.environment,
      snapStart: this._props.snapStart,
    });

    const environments = { ...this._props, runtime: bound.runtime };
    checkSnapStart(this, environments);
    const handler = new lambda.Function(this, 'Handler', {
      ...functionProps,
      // The CDK's defaults, 3 seconds and 128 MB, are too low for a web app. API Gateway waits 29 or 30 seconds by default.
      timeout: functionProps.timeout ?? cdk.Duration.seconds(29),
      memorySize: functionProps.memorySize ?? 1024,
      logGroup: logGroupOf(this, this._props),
      ...bound,
      environment: {
        ...environment,
        ...this._props.environment,
        // Lazy, because front doors can be added until synth.
        [DOORS_VARIABLE]: cdk.Lazy.string({ produce: () => JSON.stringify([...this.doors.values()].map(contractOf)) }),
        ...runtimeOptions && { [OPTIONS_VARIABLE]: runtimeOptions },
      },
    });
    checkManagedInstances(this, handler, environments);
    return handler;
  }

  private makeAlias(): lambda.Alias | undefined {
    const { aliasName, aliasOptions, snapStart } = this._props;
    if (aliasName !== undefined) {
      return new lambda.Alias(this, 'Alias', { ...aliasOptions, aliasName, version: this.handler.currentVersion });
    }
    if (aliasOptions) throw new Error(`${this.node.path}: aliasOptions needs aliasName; give the alias a name, e.g. aliasName: 'live'`);
    if (snapStart) {
      throw new Error(`${this.node.path}: snapStart works only on published versions, but the front door calls the function itself; `
        + "give the function an alias, e.g. aliasName: 'live'");
    }
    return undefined;
  }

  private bindDoor(id: string, frontDoor: IFrontDoor): FrontDoorConfig {
    const { responseStreaming, vpc } = this._props;
    const before = this.node.children;
    const scope = new Construct(this, id);
    const door = frontDoor.bind(scope, {
      handler: this.alias ?? this.handler,
      responseStreaming,
      vpc,
      timeout: this.handler.timeout,
    });
    checkFrontDoor(scope.node.path, door, responseStreaming ?? false);
    refuseConflicts(scope, this.node.children.filter(child => !before.includes(child)));
    refuseMistakableDoors(scope.node.path, door, this.doors);
    warnOfLimits(this, id, door, this.handler.timeout!, this._props.memorySize);
    this.doors.set(scope.node.path, door);
    if (door.cdnSecrets) this.handler.addEnvironment(CDN_SECRETS_VARIABLE, cdnSecretsOf([...this.doors.values()]));
    return door;
  }
}

function contractOf({ door, mountPrefix, mappingKey, openPreflightRoutes, responseMode, cdnSecrets }: FrontDoorConfig): DoorContract {
  return { door, mountPrefix, mappingKey, openPreflightRoutes, behindCdn: cdnSecrets && true, responseMode };
}

function cdnSecretsOf(doors: FrontDoorConfig[]): string {
  return doors.flatMap(({ cdnSecrets = [] }) => cdnSecrets.map(secret => secret.unsafeUnwrap())).join(' ');
}

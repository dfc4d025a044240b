import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { IFrontDoorMetrics } from './front-door-metrics';

/** The short names of the built-in front doors. */
export const FRONT_DOOR_NAMES = ['function-url', 'http-api', 'rest-api', 'alb'] as const;

/** The short name of a built-in front door. */
export type FrontDoorName = typeof FRONT_DOOR_NAMES[number];

/** `buffered`: a response is sent in one piece, when it is complete. `streaming`: it is sent while the app writes it. */
export type FrontDoorResponseMode = 'buffered' | 'streaming';

/** A front door: it makes the AWS resources that turn HTTP requests into invocations of a function. */
export interface IFrontDoor {
  /**
   * Adds the resources of the front door and allows them to invoke the function.
   *
   * The method can be called several times, each time with another scope and another function.
   *
   * @param scope a scope that only this front door uses
   * @param options the function, and what its app needs
   */
  bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig;
}

/** What a front door is told about the function that it invokes. */
export interface FrontDoorBindOptions {
  /** The function, or an alias of it. The target and the permission of the front door must name this. */
  readonly handler: lambda.IFunction;

  /**
   * Whether the responses of the app are sent while the app writes them.
   *
   * A front door that cannot stream throws an error that names the front doors that can.
   *
   * @default false
   */
  readonly responseStreaming?: boolean;

  /**
   * The `vpc` of the app, for front doors that need a VPC.
   *
   * @default - the app has no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The timeout of the function.
   *
   * @default - not known
   */
  readonly timeout?: cdk.Duration;
}

/** What a front door returns when it is bound. */
export interface FrontDoorConfig {
  /** The built-in front door whose event format the function receives. The runtime reads the events by the rules of this front door. */
  readonly door: FrontDoorName;

  /** The absolute URL of the app behind this front door. It ends with a slash at the root of a host or stage, and without one if the app is at a path. */
  readonly url: string;

  /** How the front door takes responses. All front doors of one function must have the same mode. */
  readonly responseMode: FrontDoorResponseMode;

  /**
   * The path at which the app is mounted on this front door. It starts with a slash and ends without one.
   *
   * @default - the app is at the root
   */
  readonly mountPrefix?: string;

  /**
   * The key under which a custom domain maps to an HTTP API, e.g. `v1` or `shop/v1`. It is in the URL of the client, and the app sees
   * its paths without it.
   *
   * Experimental: a minor version may change it.
   *
   * @default - the API is at the root of the domain
   * @experimental
   */
  readonly mappingKey?: string;

  /**
   * Whether an HTTP API with an authorizer has the routes `OPTIONS <mountPrefix>` and `OPTIONS <mountPrefix>/{proxy+}` without one, for
   * CORS preflight requests. The runtime answers every request on them itself, with 401 if it is not a preflight request.
   *
   * Experimental: a minor version may change it.
   *
   * @default false
   * @experimental
   */
  readonly openPreflightRoutes?: boolean;

  /**
   * The values by which the runtime knows the requests of a CDN, if clients reach this front door through one. The runtime answers 403 to
   * all other requests of this kind of front door. Nothing else may answer to clients directly, such as a second HTTP API.
   *
   * The CDN sends one of the values in the header `x-wrapped-web-app-cdn-secret`. A request with it has the client's facts, instead of
   * those of the CDN, in these headers, which the CDN must overwrite or remove if a client sends them:
   * - `x-wrapped-web-app-viewer-host`: the host that the client requested
   * - `x-wrapped-web-app-viewer-address`: the IP address of the client, without a port
   * - `x-wrapped-web-app-viewer-proto`: `http` if the client did not use TLS
   *
   * Each value is printable ASCII without spaces. They are an environment variable of the function, so that everybody who may read its
   * configuration can read them: pass references to Secrets Manager, which keep them out of the template. During a rotation there are two.
   *
   * Experimental: a minor version may change it.
   *
   * @default - clients reach this front door directly
   * @experimental
   */
  readonly cdnSecrets?: cdk.SecretValue[];

  /**
   * How long the front door waits for a response before it answers with an error. A `timeout` of the function that is longer is a warning.
   *
   * @default - as long as the function runs
   */
  readonly maxWait?: cdk.Duration;

  /**
   * The largest request or response body that the front door accepts. A `memorySize` that is too small for it is a warning.
   *
   * @default - not known
   */
  readonly maxBodySize?: cdk.Size;

  /**
   * The Function URL, if the front door made one.
   *
   * @default - none
   */
  readonly functionUrl?: lambda.FunctionUrl;

  /**
   * The HTTP API, if the front door made one.
   *
   * @default - none
   */
  readonly httpApi?: apigwv2.HttpApi;

  /**
   * The REST API, if the front door made one.
   *
   * @default - none
   */
  readonly restApi?: apigateway.RestApi;

  /**
   * The load balancer, if the front door made one.
   *
   * @default - none
   */
  readonly loadBalancer?: elbv2.ApplicationLoadBalancer;

  /**
   * The listener, if the front door made one.
   *
   * @default - none
   */
  readonly listener?: elbv2.ApplicationListener;

  /**
   * The target group, if the front door made one.
   *
   * @default - none
   */
  readonly targetGroup?: elbv2.ApplicationTargetGroup;

  /**
   * The metrics of the requests through the front door, if AWS counts those of this app apart from others.
   *
   * @default - none: the metric methods of the app throw an error
   */
  readonly metrics?: IFrontDoorMetrics;
}

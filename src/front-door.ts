import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlbFrontDoor, AlbOptions } from './front-doors/alb';
import { FunctionUrlFrontDoor, FunctionUrlOptions } from './front-doors/function-url';
import { HttpApiFrontDoor, HttpApiOptions } from './front-doors/http-api';
import { RestApiFrontDoor, RestApiOptions } from './front-doors/rest-api';

/** The front doors that have a short name. */
export type FrontDoorName = 'function-url' | 'http-api' | 'rest-api' | 'alb';

/** Whether a response is sent as one piece at its end, or while the app writes it. */
export type FrontDoorResponseMode = 'buffered' | 'streaming';

/**
 * An AWS entry point that invokes the function for each HTTP request.
 *
 * Pick one here, or write your own: any object with a `bind` method will do.
 */
export abstract class FrontDoor {
  /** A Lambda Function URL: no cost of its own, can stream, no domain name of your own. */
  public static functionUrl(options: FunctionUrlOptions = {}): IFrontDoor {
    return new FunctionUrlFrontDoor(options);
  }

  /** An API Gateway HTTP API with one `$default` route: pays per request, waits 30 seconds at most. */
  public static httpApi(options: HttpApiOptions = {}): IFrontDoor {
    return new HttpApiFrontDoor(options);
  }

  /** An API Gateway REST API, regional, that hands every path and method to the app: the most features, the highest price per request. */
  public static restApi(options: RestApiOptions = {}): IFrontDoor {
    return new RestApiFrontDoor(options);
  }

  /** An Application Load Balancer with a Lambda target: pays per hour, bodies of 1 MB at most, can be internal. */
  public static alb(options: AlbOptions = {}): IFrontDoor {
    return new AlbFrontDoor(options);
  }

  private constructor() {}
}

/** What `frontDoor` means: a short name is that door with all its defaults. */
export function frontDoorOf(scope: Construct, frontDoor: FrontDoorName | IFrontDoor): IFrontDoor {
  // By `typeof`: with two copies of this library in one tree, `instanceof` says no to the other's objects.
  if (typeof frontDoor !== 'string') return frontDoor;
  switch (frontDoor) {
    case 'function-url': return FrontDoor.functionUrl();
    case 'http-api': return FrontDoor.httpApi();
    case 'rest-api': return FrontDoor.restApi();
    case 'alb': return FrontDoor.alb();
    default: throw new Error(`${scope.node.path}: frontDoor must be one of function-url, http-api, rest-api, alb or a FrontDoor, `
      + `got ${JSON.stringify(frontDoor)}`);
  }
}

/** Makes the resources that turn HTTP requests into invocations of a function. */
export interface IFrontDoor {
  /**
   * Adds the door's resources and lets them invoke the function.
   *
   * May be called more than once, each time with a scope and a function of its own.
   *
   * @param scope a scope that belongs to this door alone
   * @param options the function, and what its app needs
   */
  bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig;
}

/** What a front door is told about the function that it is to invoke. */
export interface FrontDoorBindOptions {
  /** The function, or an alias of it: what the door's target and permission must name. */
  readonly handler: lambda.IFunction;

  /**
   * Whether the app's responses are to be sent while they are written.
   *
   * A door that cannot do so throws an error that says what can be used instead.
   *
   * @default false
   */
  readonly responseStreaming?: boolean;

  /**
   * The VPC that the app was given, for doors that live in one.
   *
   * @default - none was given
   */
  readonly vpc?: ec2.IVpc;

  /**
   * How long the function may run.
   *
   * @default - not known
   */
  readonly timeout?: cdk.Duration;
}

/** What a front door tells about itself once it is bound. */
export interface FrontDoorConfig {
  /** Which door's events the function receives: the runtime reads them by that door's rules. */
  readonly door: FrontDoorName;

  /** The address of the app behind this door: with a slash at its end, but for an app at a path, which ends without one. */
  readonly url: string;

  /** How the door takes responses. All doors of one function take them in the same way. */
  readonly responseMode: FrontDoorResponseMode;

  /**
   * Where the app is mounted on this door: starts with a slash, ends without one.
   *
   * @default - at the root
   */
  readonly mountPrefix?: string;

  /**
   * How long the door waits for a response before it gives up.
   *
   * @default - as long as the function runs
   */
  readonly maxWait?: cdk.Duration;

  /**
   * The largest request or response body that the door carries.
   *
   * @default - not known
   */
  readonly maxBodySize?: cdk.Size;

  /**
   * The Function URL that the door made.
   *
   * @default - none
   */
  readonly functionUrl?: lambda.FunctionUrl;

  /**
   * The HTTP API that the door made.
   *
   * @default - none
   */
  readonly httpApi?: apigwv2.HttpApi;

  /**
   * The REST API that the door made.
   *
   * @default - none
   */
  readonly restApi?: apigateway.RestApi;

  /**
   * The load balancer that the door made.
   *
   * @default - none
   */
  readonly loadBalancer?: elbv2.ApplicationLoadBalancer;

  /**
   * The listener that the door made.
   *
   * @default - none
   */
  readonly listener?: elbv2.ApplicationListener;

  /**
   * The target group that the door made.
   *
   * @default - none
   */
  readonly targetGroup?: elbv2.ApplicationTargetGroup;
}

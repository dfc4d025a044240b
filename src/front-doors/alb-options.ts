import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { FrontDoorDomain } from './domain';
import { PublicUrlOptions } from './public-url';

/**
 * Options of an Application Load Balancer: the options of the CDK's listener, some of its load balancer, and those to put the app on
 * an existing load balancer or listener. For other settings, make the load balancer yourself and pass it as `loadBalancer`.
 *
 * CORS preflight requests go to the app, which sends all CORS headers.
 */
export interface AlbOptions extends elbv2.BaseApplicationListenerProps, PublicUrlOptions {
  /**
   * The VPC of the load balancer.
   *
   * @default - the `vpc` of the app; if it has none, a new VPC with two public subnets and no NAT gateway, which costs nothing
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the load balancer.
   *
   * @default - the public subnets; the private ones if the load balancer is internal
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Whether the load balancer can be reached from the internet. If false, it is internal and needs a VPC with private subnets. Without
   * `open` it then accepts connections from the addresses of its VPC only: the CDK's default, `open: true`, applies to internet-facing ones.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * The security group of the load balancer.
   *
   * @default - a new security group
   */
  readonly securityGroup?: ec2.ISecurityGroup;

  /**
   * How long a connection may be idle, from 1 to 4000 seconds. The load balancer waits this long for a response of the app.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout
   * @default Duration.seconds(60)
   */
  readonly idleTimeout?: cdk.Duration;

  /**
   * What the load balancer does with an `X-Forwarded-For` header of the client. With PRESERVE and REMOVE the app cannot know the
   * address of the client.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
   * @default XffHeaderProcessingMode.APPEND
   */
  readonly xffHeaderProcessingMode?: elbv2.XffHeaderProcessingMode;

  /**
   * Whether a second listener redirects requests on port 80 to HTTPS. It is made only if the listener of the app uses HTTPS.
   *
   * @default true; false on an existing `loadBalancer`, which may already have a listener on port 80
   */
  readonly redirectHttp?: boolean;

  /**
   * The health check. Each check invokes the function, as a request for the `path` of the check with the host `localhost`.
   *
   * @default - no health checks
   */
  readonly healthCheck?: elbv2.HealthCheck;

  /**
   * Your own domain name. Its certificate makes the listener an HTTPS listener.
   *
   * @default - the DNS name that AWS gives to the load balancer
   */
  readonly domain?: FrontDoorDomain;

  /**
   * An existing load balancer. It gets a new listener for this app.
   *
   * @default - a new load balancer
   */
  readonly loadBalancer?: elbv2.IApplicationLoadBalancer;

  /**
   * An existing listener. It gets a new rule for this app, which needs a `priority`, and a `path` or `conditions`.
   *
   * The `url` of the app has the host of the `conditions`, or the DNS name of the load balancer. Set `publicUrl` if neither is right. For
   * an imported listener, without `publicUrl`, give its `port` and `protocol`, and its `loadBalancer` if no condition has a host.
   *
   * @default - a new listener
   */
  readonly listener?: elbv2.IApplicationListener;

  /**
   * The priority of the rule on an existing `listener`, from 1 to 50000, which no other rule may have. The rule with the lowest number is tried first.
   *
   * @default - none; required with `listener`
   */
  readonly priority?: number;

  /**
   * The conditions of the rule on an existing `listener`, e.g. a host name.
   *
   * @default - only the `path`
   */
  readonly conditions?: elbv2.ListenerCondition[];

  /**
   * The path of the app on an existing `listener`, e.g. `/app`: the app gets this path and everything below it, and sees its own paths
   * without this prefix.
   *
   * @default - the root
   */
  readonly path?: string;
}

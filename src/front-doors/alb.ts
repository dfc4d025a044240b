import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as targets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';
import { idleTimeoutOf, warnOfForgeableAddress } from './alb-attributes';
import { addAliasRecord, certificateOf, checkDomain, FrontDoorDomain } from './domain';
import { addressOf, addToExistingListener } from './existing-listener';
import { mountPathOf, refuseSettingsOf } from './mount-path';
import { refuseStreaming } from './refuse-streaming';

/**
 * Options of an Application Load Balancer: those of the CDK's listener, the few of its load balancer that most need, and where
 * else the app can be. For any other setting make the load balancer yourself and give it as `loadBalancer`.
 *
 * Preflight requests go to the app, which sends all CORS headers.
 */
export interface AlbOptions extends elbv2.BaseApplicationListenerProps {
  /**
   * The VPC of the load balancer.
   *
   * @default - the app's `vpc`; where it has none, a VPC of two public subnets and no NAT gateway, which costs nothing
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Which subnets of the VPC the load balancer is in.
   *
   * @default - the public ones; the private ones when it is internal
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Whether the load balancer can be reached from the internet. False makes it internal; it then needs a VPC with private subnets.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * The security group of the load balancer.
   *
   * @default - one is made
   */
  readonly securityGroup?: ec2.ISecurityGroup;

  /**
   * How long a connection may be silent: how long the load balancer waits for the app.
   *
   * @default - 60 seconds
   */
  readonly idleTimeout?: cdk.Duration;

  /**
   * What the load balancer does with an `X-Forwarded-For` header of the client. With PRESERVE and REMOVE the app cannot know who called it.
   *
   * @default - APPEND
   */
  readonly xffHeaderProcessingMode?: elbv2.XffHeaderProcessingMode;

  /**
   * Whether a second listener redirects requests to port 80 to HTTPS, where there is a certificate.
   *
   * @default true, but false on an existing `loadBalancer`, which may have such a listener already
   */
  readonly redirectHttp?: boolean;

  /**
   * Health checks, each of which invokes the function.
   *
   * @default - none
   */
  readonly healthCheck?: elbv2.HealthCheck;

  /**
   * A domain name of your own. Its certificate makes the listener an HTTPS one.
   *
   * @default - the name that AWS gives
   */
  readonly domain?: FrontDoorDomain;

  /**
   * A load balancer that is there already, which gets a listener for this app.
   *
   * @default - a load balancer of its own
   */
  readonly loadBalancer?: elbv2.IApplicationLoadBalancer;

  /**
   * A listener that is there already, which gets a rule for this app. It needs a `priority`, and a `path` or `conditions`.
   * Where it is imported, its `loadBalancer` has to be given as well.
   *
   * @default - a listener of its own
   */
  readonly listener?: elbv2.IApplicationListener;

  /**
   * The priority of the rule on an existing `listener`, from 1 to 50000; the lowest comes first.
   *
   * @default - none: there is no rule
   */
  readonly priority?: number;

  /**
   * Which requests on an existing `listener` are this app's, e.g. those for a host name.
   *
   * @default - those that the `path` says
   */
  readonly conditions?: elbv2.ListenerCondition[];

  /**
   * Where the app is on an existing `listener`: this path and everything below it, e.g. `/app`. The app sees its paths without it.
   *
   * @default - the root
   */
  readonly path?: string;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const MAX_BODY_SIZE = cdk.Size.mebibytes(1);

/** `http://<name>.<region>.elb.amazonaws.com/` */
export class AlbFrontDoor implements IFrontDoor {
  constructor(private readonly options: AlbOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    refuseStreaming(scope, 'alb', options);
    checkAlbOptions(scope, this.options);
    const mountPrefix = mountPathOf(scope, this.options.path);

    const made = this.options.listener || this.options.loadBalancer ? undefined : this.makeLoadBalancer(scope, options.vpc);
    const targetGroup = new elbv2.ApplicationTargetGroup(scope, 'TargetGroup', {
      targetType: elbv2.TargetType.LAMBDA,
      targets: [new targets.LambdaTarget(options.handler)],
      // Without it the load balancer keeps only the last of repeated headers, cookies and query parameters.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#multi-value-headers
      multiValueHeadersEnabled: true,
      healthCheck: this.options.healthCheck,
    });
    const bound = this.options.listener
      ? addToExistingListener(scope, this.options.listener, this.options, targetGroup)
      : this.makeListener(scope, made ?? this.options.loadBalancer!, targetGroup);
    warnOfForgeableAddress(scope, bound.behind);

    return {
      door: 'alb',
      url: bound.url,
      responseMode: 'buffered',
      mountPrefix,
      maxWait: idleTimeoutOf(bound.behind),
      maxBodySize: MAX_BODY_SIZE,
      loadBalancer: made,
      listener: bound.listener,
      targetGroup,
    };
  }

  private makeLoadBalancer(scope: Construct, vpcOfApp: ec2.IVpc | undefined): elbv2.ApplicationLoadBalancer {
    const { vpc, vpcSubnets, internetFacing = true, securityGroup, idleTimeout, xffHeaderProcessingMode } = this.options;
    if (!internetFacing && !vpc && !vpcOfApp) {
      throw new Error(`${scope.node.path}: an internal load balancer needs a VPC from which it can be reached; give vpc`);
    }
    return new elbv2.ApplicationLoadBalancer(scope, 'LoadBalancer', {
      vpc: vpc ?? vpcOfApp ?? smallVpc(scope),
      vpcSubnets,
      internetFacing,
      securityGroup,
      idleTimeout,
      xffHeaderProcessingMode,
      dropInvalidHeaderFields: true,
    });
  }

  private makeListener(scope: Construct, loadBalancer: elbv2.IApplicationLoadBalancer, targetGroup: elbv2.ApplicationTargetGroup) {
    const {
      vpc, vpcSubnets, internetFacing, securityGroup, idleTimeout, xffHeaderProcessingMode, healthCheck,
      listener: _, loadBalancer: existing, priority, conditions, path, domain, redirectHttp = existing === undefined,
      ...listenerProps
    } = this.options;
    const { port, protocol, sslPolicy, open } = listenerProps;
    if (domain) checkDomain(scope, domain);
    const certificates = this.options.certificates ?? (domain && [certificateOf(scope, domain)]);
    const secure = protocol ? protocol === elbv2.ApplicationProtocol.HTTPS : certificates !== undefined || port === 443;

    const listener = new elbv2.ApplicationListener(scope, 'Listener', {
      ...listenerProps,
      loadBalancer,
      port: port ?? (secure ? 443 : 80),
      protocol: secure ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP,
      certificates,
      // The default of CloudFormation still accepts TLS 1.0.
      sslPolicy: sslPolicy ?? (secure ? elbv2.SslPolicy.RECOMMENDED_TLS : undefined),
      defaultTargetGroups: [targetGroup],
    });
    if (!secure) {
      cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:http-listener',
        'the load balancer takes plain HTTP, so that anyone on the way can read and change it; give certificates or a domain');
    } else if (redirectHttp && listener.port !== 80) {
      new elbv2.ApplicationListener(scope, 'RedirectListener', {
        loadBalancer,
        port: 80,
        open,
        defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: `${listener.port}`, permanent: true }),
      });
    }
    if (domain) addAliasRecord(scope, domain, new route53Targets.LoadBalancerTarget(loadBalancer));

    const host = domain?.name ?? loadBalancer.loadBalancerDnsName;
    return { listener, url: addressOf(secure, host, listener.port), behind: loadBalancer };
  }
}

function checkAlbOptions(scope: Construct, options: AlbOptions): void {
  const { listener, loadBalancer, defaultAction, defaultTargetGroups, path, priority, conditions } = options;
  if (defaultAction || defaultTargetGroups) {
    throw new Error(`${scope.node.path}: defaultAction and defaultTargetGroups are the app itself; for another default make the listener and give it as listener`);
  }
  if (listener) return;
  if (path !== undefined || priority !== undefined || conditions !== undefined) {
    throw new Error(`${scope.node.path}: path, priority and conditions are for a rule of an existing listener; give that listener as well, or drop them`);
  }
  if (loadBalancer) {
    const { vpc, vpcSubnets, internetFacing, securityGroup, idleTimeout, xffHeaderProcessingMode } = options;
    refuseSettingsOf(scope, 'loadBalancer', { vpc, vpcSubnets, internetFacing, securityGroup, idleTimeout, xffHeaderProcessingMode }, []);
  }
}

/** The least that an internet-facing load balancer needs; the function stays outside of it. */
function smallVpc(scope: Construct): ec2.IVpc {
  return new ec2.Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
    // The flag that `cdk init` sets would add a custom resource.
    restrictDefaultSecurityGroup: false,
  });
}

import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as targets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Construct } from 'constructs';
import { idleTimeoutOf, warnOfForgeableAddress } from './alb-attributes';
import { AlbOptions } from './alb-options';
import { addToExistingListener, loadBalancerOf } from './existing-listener';
import { metricsOfTargetGroup } from './front-door-metrics';
import { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from './i-front-door';
import { idsOfNewLoadBalancer, targetGroupIdFor } from './load-balancer-ids';
import { mountPathOf } from './mount-path';
import { makeNewListener } from './new-listener';
import { refuseSettings } from './refuse-settings';
import { refuseStreaming } from './refuse-streaming';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const MAX_BODY_SIZE = cdk.Size.mebibytes(1);

/** `http://<name>.<region>.elb.amazonaws.com/` */
export class AlbFrontDoor implements IFrontDoor {
  constructor(private readonly options: AlbOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    refuseStreaming(scope, 'alb', options);
    checkOptions(scope, this.options);
    const mountPrefix = mountPathOf(scope, this.options.path);

    const existing = this.options.loadBalancer ?? (this.options.listener && loadBalancerOf(this.options.listener));
    const attachedTo = existing ?? this.options.listener;
    const ids = idsOfNewLoadBalancer((this.options.vpc ?? options.vpc) !== undefined, this.options.internetFacing ?? true);
    const newLoadBalancer = attachedTo ? undefined : this.makeLoadBalancer(scope, ids.loadBalancer, options.vpc);
    const loadBalancer = existing ?? newLoadBalancer;
    const targetGroup = new elbv2.ApplicationTargetGroup(scope, attachedTo ? targetGroupIdFor(scope, attachedTo) : ids.targetGroup, {
      targetType: elbv2.TargetType.LAMBDA,
      targets: [new targets.LambdaTarget(options.handler)],
      // Without it the load balancer keeps only the last of repeated headers, cookies and query parameters.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#multi-value-headers
      multiValueHeadersEnabled: true,
      healthCheck: this.options.healthCheck,
    });
    const { url, listener } = this.options.listener
      ? addToExistingListener(scope, this.options.listener, loadBalancer, this.options, targetGroup)
      : makeNewListener(scope, loadBalancer!, this.options, targetGroup);
    if (loadBalancer) warnOfForgeableAddress(scope, loadBalancer);

    return {
      door: 'alb',
      url,
      responseMode: 'buffered',
      mountPrefix,
      maxWait: loadBalancer && idleTimeoutOf(loadBalancer),
      maxBodySize: MAX_BODY_SIZE,
      loadBalancer: newLoadBalancer,
      listener,
      targetGroup,
      metrics: metricsOfTargetGroup(targetGroup),
    };
  }

  private makeLoadBalancer(scope: Construct, id: string, vpcOfApp: ec2.IVpc | undefined): elbv2.ApplicationLoadBalancer {
    const { vpc, vpcSubnets, internetFacing = true, securityGroup, idleTimeout, xffHeaderProcessingMode } = this.options;
    if (!internetFacing && !vpc && !vpcOfApp) {
      throw new Error(`${scope.node.path}: an internal load balancer needs a VPC that its clients can reach; give vpc`);
    }
    return new elbv2.ApplicationLoadBalancer(scope, id, {
      vpc: vpc ?? vpcOfApp ?? smallVpc(scope),
      vpcSubnets,
      internetFacing,
      securityGroup,
      idleTimeout,
      xffHeaderProcessingMode,
      dropInvalidHeaderFields: true,
    });
  }
}

function checkOptions(scope: Construct, options: AlbOptions): void {
  const { listener, loadBalancer, defaultAction, defaultTargetGroups, path, priority, conditions } = options;
  if (defaultAction || defaultTargetGroups) {
    throw new Error(`${scope.node.path}: defaultAction and defaultTargetGroups cannot be set, because the default action is the app; `
      + 'for another default action, make the listener yourself and pass it as listener');
  }
  if (listener) return;
  if (path !== undefined || priority !== undefined || conditions !== undefined) {
    throw new Error(`${scope.node.path}: path, priority and conditions are for a rule on an existing listener; give that listener as well, or drop them`);
  }
  if (loadBalancer) {
    const { vpc, vpcSubnets, internetFacing, securityGroup, idleTimeout, xffHeaderProcessingMode } = options;
    refuseSettings(scope, 'loadBalancer', { vpc, vpcSubnets, internetFacing, securityGroup, idleTimeout, xffHeaderProcessingMode }, []);
  }
}

/** The smallest VPC for an internet-facing load balancer. The function is not in it. */
function smallVpc(scope: Construct): ec2.IVpc {
  return new ec2.Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
    // If true, which a feature flag of `cdk init` makes the default, the CDK adds a custom resource.
    restrictDefaultSecurityGroup: false,
  });
}

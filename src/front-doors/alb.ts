import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as targets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';
import { refuseStreaming } from './refuse-streaming';

/** Options of an Application Load Balancer. */
export interface AlbOptions {
  /**
   * The VPC of the load balancer.
   *
   * @default - the app's `vpc`; where it has none, a VPC of two public subnets and no NAT gateway
   */
  readonly vpc?: ec2.IVpc;
}

/** `http://<name>.<region>.elb.amazonaws.com/`: a load balancer whose listener hands every request to the function. */
export class AlbFrontDoor implements IFrontDoor {
  constructor(private readonly options: AlbOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    refuseStreaming(scope, 'alb', options);

    const loadBalancer = new elbv2.ApplicationLoadBalancer(scope, 'LoadBalancer', {
      vpc: this.options.vpc ?? options.vpc ?? smallVpc(scope),
      internetFacing: true,
      dropInvalidHeaderFields: true,
    });
    const targetGroup = new elbv2.ApplicationTargetGroup(scope, 'TargetGroup', {
      targetType: elbv2.TargetType.LAMBDA,
      targets: [new targets.LambdaTarget(options.handler)],
      // Without it the load balancer keeps only the last of repeated headers, cookies and query parameters.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#multi-value-headers
      multiValueHeadersEnabled: true,
    });
    const listener = loadBalancer.addListener('Listener', {
      port: 80,
      defaultTargetGroups: [targetGroup],
    });
    return {
      door: 'alb',
      url: `http://${loadBalancer.loadBalancerDnsName}/`,
      responseMode: 'buffered',
      // The default idle timeout: nothing flows while the app is working.
      maxWait: cdk.Duration.seconds(60),
      loadBalancer,
      listener,
      targetGroup,
    };
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

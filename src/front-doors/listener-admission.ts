import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { AlbOptions } from './alb-options';

/** Who may connect to a listener. */
export interface ListenerAdmission {
  /** Whether everyone may. */
  readonly open: boolean;
  /** The addresses that may, if not everyone. */
  readonly cidr?: string;
}

/**
 * `open` decides if it is set. Otherwise an internet-facing load balancer admits everyone, as in the CDK, and an internal one the addresses of
 * its VPC. The CDK would admit everyone there as well: other VPCs and networks that are connected to the VPC.
 */
export function admissionOf(scope: Construct, loadBalancer: elbv2.IApplicationLoadBalancer, { open }: AlbOptions): ListenerAdmission {
  if (open !== undefined || !isInternal(loadBalancer)) return { open: open ?? true };
  return { open: false, cidr: cidrOf(scope, loadBalancer.vpc!) };
}

/** Admits the addresses of the VPC. */
export function admitVpc(listener: elbv2.ApplicationListener, { cidr }: ListenerAdmission): void {
  if (cidr) listener.connections.allowDefaultPortFrom(ec2.Peer.ipv4(cidr), `Allow from the VPC on port ${listener.port}`);
}

/** False for an imported load balancer, which does not say. */
function isInternal(loadBalancer: elbv2.IApplicationLoadBalancer): boolean {
  const resource = loadBalancer.node.defaultChild as elbv2.CfnLoadBalancer | undefined;
  return resource !== undefined && cdk.Stack.of(resource).resolve(resource.scheme) === 'internal';
}

function cidrOf(scope: Construct, vpc: ec2.IVpc): string {
  try {
    // The literal can be read in the template, and needs no export from another stack. A VPC of an address pool (IPAM) has none.
    return (vpc.node.defaultChild as ec2.CfnVPC | undefined)?.cidrBlock ?? vpc.vpcCidrBlock;
  } catch {
    throw new Error(`${scope.node.path}: the addresses of vpc ${vpc.node.path} are not known, so the internal load balancer cannot admit them; `
      + 'import the VPC with vpcCidrBlock, or set open: false and admit clients with loadBalancer.connections, or open: true for everyone who can reach it');
  }
}

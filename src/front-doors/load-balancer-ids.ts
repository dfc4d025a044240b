import { createHash } from 'node:crypto';
import * as cdk from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/*
 * A load balancer cannot change its scheme or its VPC, so a change of these needs another load balancer, with an ID of its own.
 * CloudFormation makes it before it deletes the first one. While both exist, a target group can belong to one of them only, so each load
 * balancer has a target group with an ID of its own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-loadbalancer.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */

/** The construct IDs of a new load balancer and of its target group. */
export function idsOfNewLoadBalancer(vpcIsGiven: boolean, internetFacing: boolean): { loadBalancer: string; targetGroup: string } {
  if (!internetFacing) return { loadBalancer: 'InternalLoadBalancer', targetGroup: 'InternalTargetGroup' };
  if (vpcIsGiven) return { loadBalancer: 'LoadBalancerInVpc', targetGroup: 'TargetGroupInVpc' };
  return { loadBalancer: 'LoadBalancer', targetGroup: 'TargetGroup' };
}

/**
 * The construct ID of a target group for an existing load balancer, or for a listener whose load balancer is not known. It changes with
 * the load balancer. If it changes although the load balancer is the same, e.g. because that is now imported, the listener gets another
 * target group, which does no harm.
 */
export function targetGroupIdFor(scope: Construct, attachedTo: elbv2.IApplicationLoadBalancer | elbv2.IApplicationListener): string {
  const stack = cdk.Stack.of(attachedTo);
  const arn = 'loadBalancerArn' in attachedTo ? attachedTo.loadBalancerArn : attachedTo.listenerArn;
  // The logical ID of the resource, or the ARN of an imported one.
  const identity: unknown[] = [stack.resolve(arn)];
  if (stack !== cdk.Stack.of(scope)) identity.push(stack.node.id);
  return `TargetGroup${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8).toUpperCase()}`;
}

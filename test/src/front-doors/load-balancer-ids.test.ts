import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { idsOfNewLoadBalancer, targetGroupIdFor } from '../../../src/front-doors/load-balancer-ids';
import { testStack } from '../synthesis';

const arn = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/${name}/1`;

const imported = (scope: cdk.Stack, id: string, loadBalancerArn: string) =>
  elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(scope, id, { loadBalancerArn, securityGroupId: 'sg-123' });

const madeIn = (scope: cdk.Stack, id: string = 'Shared') =>
  new elbv2.ApplicationLoadBalancer(scope, id, { vpc: new ec2.Vpc(scope, `VpcOf${id}`) });

test('a new load balancer has another ID where AWS cannot change it', () => {
  const all = [idsOfNewLoadBalancer(false, true), idsOfNewLoadBalancer(true, true), idsOfNewLoadBalancer(true, false)];
  for (const resource of ['loadBalancer', 'targetGroup'] as const) expect(new Set(all.map(ids => ids[resource])).size).toBe(3);
});

test('two load balancers have two target groups', () => {
  const stack = testStack();
  const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
  const third = new cdk.Stack(stack.node.root as cdk.App, 'Third');
  const all = [
    madeIn(stack), madeIn(stack, 'More'),
    // Their logical IDs are those of the first one.
    madeIn(other), madeIn(third),
    imported(stack, 'One', arn('one')), imported(stack, 'Two', arn('two')),
  ];
  expect(new Set(all.map(loadBalancer => targetGroupIdFor(stack, loadBalancer))).size).toBe(all.length);
});

test('an imported load balancer has the same target group under every construct ID', () => {
  const stack = testStack();
  expect(targetGroupIdFor(stack, imported(stack, 'One', arn('one')))).toBe(targetGroupIdFor(stack, imported(stack, 'Other', arn('one'))));
});

test('the ID is the same in every stage of the CDK app', () => {
  const app = new cdk.App();
  const [dev, prod] = ['Dev', 'Prod'].map(stage => {
    const network = new cdk.Stack(new cdk.Stage(app, stage), 'Network');
    return targetGroupIdFor(new cdk.Stack(cdk.Stage.of(network)!, 'Web'), madeIn(network));
  });
  expect(dev).toBe(prod);
});

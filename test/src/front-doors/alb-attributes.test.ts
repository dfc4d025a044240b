import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AlbOptions, FrontDoor, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function stackWith(optionsIn: (stack: cdk.Stack) => AlbOptions): cdk.Stack {
  const stack = testStack();
  const certificates = [{ certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/id' }];
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb({ certificates, publicUrl: 'https://www.example.com/', ...optionsIn(stack) }) });
  return stack;
}

test.each([elbv2.XffHeaderProcessingMode.PRESERVE, elbv2.XffHeaderProcessingMode.REMOVE])('warns that a client can send a false address in the mode %s', xffHeaderProcessingMode => {
  const stack = stackWith(() => ({ xffHeaderProcessingMode }));
  Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp(
    `with xffHeaderProcessingMode '${xffHeaderProcessingMode}' the load balancer does not write the client's address, so a client can send a false one; use 'append'`));
});

test('does not warn about the client address in the mode append', () => {
  Annotations.fromStack(stackWith(() => ({ xffHeaderProcessingMode: elbv2.XffHeaderProcessingMode.APPEND }))).hasNoWarning('*', Match.anyValue());
});

test('the idle timeout of an existing load balancer is the time that it waits', () => {
  const stack = stackWith(scope => ({
    loadBalancer: new elbv2.ApplicationLoadBalancer(scope, 'Shared', { vpc: new ec2.Vpc(scope, 'Vpc'), idleTimeout: cdk.Duration.seconds(10) }),
  }));
  Annotations.fromStack(stack).hasWarning('/Stack/Web', Match.stringLikeRegexp("the function may run for 29 s, but its front door 'alb' waits only 10 s"));
});

test('the waiting time of an imported load balancer is not known', () => {
  const stack = stackWith(scope => ({
    loadBalancer: elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(scope, 'Shared', {
      loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shared/1',
      loadBalancerDnsName: 'shared.example.com',
      securityGroupId: 'sg-123',
    }),
  }));
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

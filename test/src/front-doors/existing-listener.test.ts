import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AlbOptions, FrontDoor, WrappedWebApp } from '../../../src';
import { doorsOf, ENTRY, testStack } from '../synthesis';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/id';

/** Makes the app with these options of the front door. The options may contain constructs of the stack. */
function make(optionsIn: (stack: cdk.Stack) => AlbOptions, stack = testStack()) {
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb(optionsIn(stack)) });
  return { web, stack, template: Template.fromStack(stack) };
}

const listenerIn = (scope: cdk.Stack, props: Partial<elbv2.BaseApplicationListenerProps> = {}) =>
  new elbv2.ApplicationLoadBalancer(scope, 'Shared', { vpc: new ec2.Vpc(scope, 'Vpc') })
    .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404), ...props });

test('gets a rule for a path and everything below it, and the runtime gets the path', () => {
  const { template, web } = make(stack => ({ listener: listenerIn(stack), path: '/app', priority: 10 }));
  const [targetGroup] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
    Priority: 10,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/app', '/app/*'] } }],
    Actions: [{ Type: 'forward', TargetGroupArn: { Ref: targetGroup } }],
  });
  expect(doorsOf(template)).toEqual([{ door: 'alb', mountPrefix: '/app', responseMode: 'buffered' }]);
  expect(web.url).toMatch(/^http:\/\/[^:]*\/app$/);
  expect(web.listener).toBeUndefined();
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
});

test('gets a rule for the conditions of the user', () => {
  const conditions = [elbv2.ListenerCondition.hostHeaders(['app.example.com'])];
  const { template } = make(stack => ({ listener: listenerIn(stack), conditions, priority: 10 }));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
    Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['app.example.com'] } }],
  });
  expect(doorsOf(template)).toEqual([{ door: 'alb', responseMode: 'buffered' }]);
});

test('its protocol and port are in the URL of the app', () => {
  const { web } = make(stack => ({
    listener: listenerIn(stack, { port: 8443, protocol: elbv2.ApplicationProtocol.HTTPS, certificates: [{ certificateArn: CERTIFICATE }] }),
    path: '/app',
    priority: 10,
  }));
  expect(web.url).toMatch(/^https:\/\/.*:8443\/app$/);
});

test('can be in another stack, to which nothing is added', () => {
  const stack = testStack();
  const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
  const { template } = make(() => ({ listener: listenerIn(other), path: '/app', priority: 10 }), stack);
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 1);
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
  Template.fromStack(other).resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
});

describe('if it is imported', () => {
  const imported = (stack: cdk.Stack) => elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/1/2',
    securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-123'),
  });

  test('the host name is that of the loadBalancer option', () => {
    const { template, web } = make(stack => ({
      listener: imported(stack),
      loadBalancer: elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Shared', {
        loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shared/1',
        loadBalancerDnsName: 'shared.example.com',
        securityGroupId: 'sg-123',
      }),
      protocol: elbv2.ApplicationProtocol.HTTPS,
      path: '/app',
      priority: 10,
    }));
    expect(web.url).toBe('https://shared.example.com/app');
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/1/2' });
  });

  test('fails without the loadBalancer option', () => {
    expect(() => make(stack => ({ listener: imported(stack), path: '/app', priority: 10 }))).toThrow(
      'Stack/Web/FrontDoor: listener Stack/Listener is imported, and its host name is not known; give its loadBalancer as well');
  });
});

test('fails without a priority', () => {
  expect(() => make(stack => ({ listener: listenerIn(stack), path: '/app' }))).toThrow(
    'Stack/Web/FrontDoor: a rule on an existing listener needs a priority that no other rule has; give priority, from 1 to 50000');
});

test('fails with neither a path nor conditions', () => {
  expect(() => make(stack => ({ listener: listenerIn(stack), priority: 10 }))).toThrow(
    'Stack/Web/FrontDoor: a rule on an existing listener needs to know which requests are for this app; give path or conditions');
});

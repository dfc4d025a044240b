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

describe('the URL of the app', () => {
  const https = { port: 8443, protocol: elbv2.ApplicationProtocol.HTTPS, certificates: [{ certificateArn: CERTIFICATE }] };
  const hosts = (...names: string[]) => [elbv2.ListenerCondition.hostHeaders(names)];

  test.each<[string, string, Partial<AlbOptions>, Partial<elbv2.BaseApplicationListenerProps>]>([
    ['the host of the condition', 'http://app.example.com/', { conditions: hosts('app.example.com') }, {}],
    ['the only host without a wildcard', 'http://example.com/', { conditions: hosts('*.example.com', 'example.com', 'shop?.example.com') }, {}],
    ['the path after the host', 'http://app.example.com/app', { conditions: hosts('app.example.com'), path: '/app' }, {}],
    ['the protocol and port of the listener', 'https://app.example.com:8443/app', { conditions: hosts('app.example.com'), path: '/app' }, https],
    ['publicUrl instead', 'https://www.example.com/shop', { conditions: hosts('*.example.com'), publicUrl: 'https://www.example.com/shop' }, https],
  ])('has %s', (_, url, options, listener) => {
    expect(make(stack => ({ listener: listenerIn(stack, listener), priority: 10, ...options })).web.url).toBe(url);
  });

  test('differs for apps that differ only in their host', () => {
    const stack = testStack();
    const listener = listenerIn(stack);
    const urls = ['one', 'two', 'three'].map((name, index) => new WrappedWebApp(stack, name, {
      entry: ENTRY, frontDoor: FrontDoor.alb({ listener, priority: 10 + index, conditions: hosts(`${name}.example.com`) }),
    }).url);
    expect(urls).toEqual(['http://one.example.com/', 'http://two.example.com/', 'http://three.example.com/']);
  });

  test('has the DNS name of the load balancer if the conditions are about something else', () => {
    expect(make(stack => ({ listener: listenerIn(stack), priority: 10, conditions: [elbv2.ListenerCondition.httpHeader('x-app', ['app'])] })).web.url)
      .toMatch(/^http:\/\/\$\{Token\[.*\]\}\/$/);
  });

  test.each([[['*.example.com']], [['a.example.com', 'b.example.com']]])('is not known for the hosts %j: fails without publicUrl', names => {
    expect(() => make(stack => ({ listener: listenerIn(stack), priority: 10, conditions: hosts(...names) }))).toThrow(
      `Stack/Web/FrontDoor: the app answers only at the hosts ${JSON.stringify(names)}, and which of them is in its URL is not known; `
      + "give publicUrl, e.g. publicUrl: 'https://www.example.com/'");
  });

  test('is not known for a host that is a token: fails without publicUrl', () => {
    expect(() => make(stack => ({ listener: listenerIn(stack), priority: 10, conditions: hosts(new cdk.CfnParameter(stack, 'Host').valueAsString) }))).toThrow(
      'which of them is in its URL is not known; give publicUrl');
  });

  test('is not known if the listener uses HTTPS: fails without a host and publicUrl', () => {
    expect(() => make(stack => ({ listener: listenerIn(stack, https), path: '/app', priority: 10 }))).toThrow(
      'Stack/Web/FrontDoor: listener Stack/Shared/Listener uses HTTPS, and its certificate is not for the DNS name of the load balancer; '
      + "give publicUrl with a name of the certificate, e.g. publicUrl: 'https://www.example.com/', or a hostHeaders condition");
  });
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

  const loadBalancerIn = (stack: cdk.Stack) => elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Shared', {
    loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shared/1',
    loadBalancerDnsName: 'shared.us-east-1.elb.amazonaws.com',
    securityGroupId: 'sg-123',
  });

  test.each<[number | undefined, elbv2.ApplicationProtocol | undefined, string]>([
    [80, undefined, 'http://shared.us-east-1.elb.amazonaws.com/app'],
    [undefined, elbv2.ApplicationProtocol.HTTP, 'http://shared.us-east-1.elb.amazonaws.com/app'],
    [8080, undefined, 'http://shared.us-east-1.elb.amazonaws.com:8080/app'],
    [9000, elbv2.ApplicationProtocol.HTTP, 'http://shared.us-east-1.elb.amazonaws.com:9000/app'],
  ])('with port %s and protocol %s the host name is that of the loadBalancer option', (port, protocol, url) => {
    const { template, web } = make(stack => ({ listener: imported(stack), loadBalancer: loadBalancerIn(stack), port, protocol, path: '/app', priority: 10 }));
    expect(web.url).toBe(url);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/1/2' });
  });

  const { HTTPS } = elbv2.ApplicationProtocol;
  test.each<[number | undefined, elbv2.ApplicationProtocol | undefined]>([[443, undefined], [8443, undefined], [undefined, HTTPS]])(
    'with port %s and protocol %s its certificate is not for that name: fails without publicUrl', (port, protocol) => {
      const options = (stack: cdk.Stack) => ({ listener: imported(stack), loadBalancer: loadBalancerIn(stack), port, protocol, path: '/app', priority: 10 });
      expect(() => make(options)).toThrow('Stack/Web/FrontDoor: listener Stack/Listener uses HTTPS, and its certificate is not for the DNS name of the load balancer');
      expect(make(stack => ({ ...options(stack), publicUrl: 'https://www.example.com/app' })).web.url).toBe('https://www.example.com/app');
    });

  test.each([undefined, 9000])('fails with port %s if the protocol is not known', port => {
    expect(() => make(stack => ({ listener: imported(stack), loadBalancer: loadBalancerIn(stack), port, path: '/app', priority: 10 }))).toThrow(
      'Stack/Web/FrontDoor: listener Stack/Listener is imported, and whether it uses HTTP or HTTPS is not known; give its port and protocol, or publicUrl');
  });

  test('needs no loadBalancer option if a condition has the host, or publicUrl is set', () => {
    const conditions = [elbv2.ListenerCondition.hostHeaders(['app.example.com'])];
    expect(make(stack => ({ listener: imported(stack), port: 443, conditions, priority: 10 })).web.url).toBe('https://app.example.com/');
    expect(make(stack => ({ listener: imported(stack), path: '/app', publicUrl: 'https://www.example.com/app', priority: 10 })).web.url).toBe('https://www.example.com/app');
  });

  test('fails without the loadBalancer option', () => {
    expect(() => make(stack => ({ listener: imported(stack), path: '/app', priority: 10 }))).toThrow(
      'Stack/Web/FrontDoor: listener Stack/Listener is imported, and its host name is not known; give its loadBalancer as well, or publicUrl');
  });
});

test('fails without a priority', () => {
  expect(() => make(stack => ({ listener: listenerIn(stack), path: '/app' }))).toThrow(
    'Stack/Web/FrontDoor: a rule on an existing listener needs a priority that no other rule has; give priority, from 1 to 50000');
});

test.each([0, -1, 1.5, 50_001])('fails with the priority %s', priority => {
  expect(() => make(stack => ({ listener: listenerIn(stack), path: '/app', priority }))).toThrow(
    `Stack/Web/FrontDoor: priority must be an integer from 1 to 50000, got ${priority}`);
});

test('fails with neither a path nor conditions', () => {
  expect(() => make(stack => ({ listener: listenerIn(stack), priority: 10 }))).toThrow(
    'Stack/Web/FrontDoor: a rule on an existing listener needs to know which requests are for this app; give path or conditions');
});

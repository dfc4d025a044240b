import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AlbOptions, FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function templateOf(props: Partial<WrappedWebAppProps> = {}, stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'alb', ...props });
  return Template.fromStack(stack);
}

test('sends every request to the function, with all values of repeated headers', () => {
  const template = templateOf();
  const [targetGroup] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Properties: {
      TargetType: 'lambda',
      Targets: [{ Id: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] } }],
      TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
      Port: Match.absent(),
      Protocol: Match.absent(),
    },
  }));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: targetGroup } }],
  });
});

test('is allowed to invoke the function before the function becomes a target', () => {
  const template = templateOf();
  const [[permission]] = Object.entries(template.findResources('AWS::Lambda::Permission', {
    Properties: {
      Action: 'lambda:InvokeFunction',
      Principal: 'elasticloadbalancing.amazonaws.com',
      FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
    },
  }));
  template.hasResource('AWS::ElasticLoadBalancingV2::TargetGroup', { DependsOn: Match.arrayWith([permission]) });
});

test('is internet-facing and drops invalid headers', () => {
  templateOf().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Scheme: 'internet-facing',
    LoadBalancerAttributes: Match.arrayWith([{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }]),
  });
});

test.each([true, false])('makes two public subnets, no NAT gateway and no custom resource, with the feature flag %s', flag => {
  const template = templateOf({}, testStack({ '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': flag }));
  template.resourceCountIs('AWS::EC2::Subnet', 2);
  template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true });
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('Custom::VpcRestrictDefaultSG', 0);
});

test('does not put the function into the new VPC', () => {
  templateOf().hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
});

test('is in the VPC of the app', () => {
  const stack = testStack();
  const vpc = new ec2.Vpc(stack, 'Own');
  const template = templateOf({ vpc }, stack);
  template.resourceCountIs('AWS::EC2::VPC', 1);
  template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.objectLike({ SubnetIds: Match.anyValue() }) });
});

test('is in its own VPC if the app has another one', () => {
  const stack = testStack();
  const ofDoor = new ec2.Vpc(stack, 'OfDoor');
  const ofApp = new ec2.Vpc(stack, 'OfApp');
  const template = templateOf({ vpc: ofApp, frontDoor: FrontDoor.alb({ vpc: ofDoor }) }, stack);
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Subnets: ofDoor.publicSubnets.map(subnet => stack.resolve(subnet.subnetId)),
  });
});

test('returns its resources and its URL', () => {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'alb' });
  expect(web.url).toBe(`http://${web.loadBalancer!.loadBalancerDnsName}/`);
  expect(web.listener!.loadBalancer).toBe(web.loadBalancer);
  expect(stack.resolve(web.targetGroup!.targetGroupArn)).toEqual({ Ref: 'WebFrontDoorTargetGroup598E9A42' });
});

/** Makes the app with these options of the front door. The options may contain constructs of the stack. */
function make(optionsIn: (stack: cdk.Stack) => AlbOptions, stack = testStack()) {
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb(optionsIn(stack)) });
  return { web, stack, template: Template.fromStack(stack) };
}

test('has the settings of the user', () => {
  const { template } = make(stack => ({
    vpc: new ec2.Vpc(stack, 'Vpc'),
    internetFacing: false,
    idleTimeout: cdk.Duration.minutes(5),
    securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-123'),
  }));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Scheme: 'internal',
    SecurityGroups: ['sg-123'],
    LoadBalancerAttributes: Match.arrayWith([{ Key: 'idle_timeout.timeout_seconds', Value: '300' }]),
  });
});

test('has the health check of the user', () => {
  make(() => ({ healthCheck: { enabled: true, path: '/health' } })).template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    HealthCheckEnabled: true,
    HealthCheckPath: '/health',
  });
});

test('fails if it is internal and no VPC is given', () => {
  expect(() => make(() => ({ internetFacing: false }))).toThrow(
    'Stack/Web/FrontDoor: an internal load balancer needs a VPC that its clients can reach; give vpc');
});

describe('fails', () => {
  test.each<[string, AlbOptions]>([
    ['path', { path: '/app' }],
    ['priority', { priority: 10 }],
    ['conditions', { conditions: [] }],
  ])('if %s is set without a listener', (_, options) => {
    expect(() => make(() => options)).toThrow(
      'Stack/Web/FrontDoor: path, priority and conditions are for a rule on an existing listener; give that listener as well, or drop them');
  });

  test('if the user sets a default action', () => {
    expect(() => make(() => ({ defaultAction: elbv2.ListenerAction.fixedResponse(404) }))).toThrow(
      'Stack/Web/FrontDoor: defaultAction and defaultTargetGroups cannot be set, because the default action is the app; for another default action, make the listener yourself and pass it as listener');
  });
});

import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function templateOf(props: Partial<WrappedWebAppProps> = {}, stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'alb', ...props });
  return Template.fromStack(stack);
}

test('hands every request to the function, with all values of repeated headers', () => {
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

test('may invoke the function before its target is registered', () => {
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

test('faces the internet and drops invalid headers', () => {
  templateOf().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Scheme: 'internet-facing',
    LoadBalancerAttributes: Match.arrayWith([{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }]),
  });
});

test.each([true, false])('brings two public subnets, no NAT gateway and no custom resource, whatever the flag says: %s', flag => {
  const template = templateOf({}, testStack({ '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': flag }));
  template.resourceCountIs('AWS::EC2::Subnet', 2);
  template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true });
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('Custom::VpcRestrictDefaultSG', 0);
});

test('leaves the function outside of the VPC that it brings', () => {
  templateOf().hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
});

test('lives in the VPC of the app', () => {
  const stack = testStack();
  const vpc = new ec2.Vpc(stack, 'Own');
  const template = templateOf({ vpc }, stack);
  template.resourceCountIs('AWS::EC2::VPC', 1);
  template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.objectLike({ SubnetIds: Match.anyValue() }) });
});

test('lives in a VPC of its own before that of the app', () => {
  const stack = testStack();
  const ofDoor = new ec2.Vpc(stack, 'OfDoor');
  const ofApp = new ec2.Vpc(stack, 'OfApp');
  const template = templateOf({ vpc: ofApp, frontDoor: FrontDoor.alb({ vpc: ofDoor }) }, stack);
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Subnets: ofDoor.publicSubnets.map(subnet => stack.resolve(subnet.subnetId)),
  });
});

test('is exposed', () => {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'alb' });
  expect(web.url).toBe(`http://${web.loadBalancer!.loadBalancerDnsName}/`);
  expect(web.listener!.loadBalancer).toBe(web.loadBalancer);
  expect(stack.resolve(web.targetGroup!.targetGroupArn)).toEqual({ Ref: 'WebFrontDoorTargetGroup598E9A42' });
});

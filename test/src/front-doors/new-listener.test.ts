import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { AlbOptions, FrontDoor, WrappedWebApp } from '../../../src';
import { ENTRY, RECOMMENDED_FLAGS, testStack } from '../synthesis';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/id';

/** Makes the app with these options of the front door. The options may contain constructs of the stack. */
function make(optionsIn: (stack: cdk.Stack) => AlbOptions, stack = testStack()) {
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb(optionsIn(stack)) });
  return { web, stack, template: Template.fromStack(stack) };
}

describe('HTTPS', () => {
  const certificates = [{ certificateArn: CERTIFICATE }];

  test('is used if there is a certificate, and HTTP is redirected to it', () => {
    const { template, web } = make(() => ({ certificates }));
    expect(web.url).toBe(`https://${web.loadBalancer!.loadBalancerDnsName}/`);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: CERTIFICATE }],
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-PQ-2025-09',
      DefaultActions: [Match.objectLike({ Type: 'forward' })],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
    });
  });

  test.each([['no feature flags', {}], ["all of the CDK's recommended feature flags", RECOMMENDED_FLAGS]])('has the TLS policy of the CDK, with %s', (_, flags) => {
    const policyOf = (template: Template) => {
      const [{ Properties }] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::Listener', { Properties: { Port: 443 } }));
      return Properties.SslPolicy;
    };
    const plain = testStack(RECOMMENDED_FLAGS);
    const loadBalancer = new elbv2.ApplicationLoadBalancer(plain, 'LoadBalancer', { vpc: new ec2.Vpc(plain, 'Vpc') });
    loadBalancer.addListener('Listener', { port: 443, certificates, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
    expect(policyOf(make(() => ({ certificates }), testStack(flags)).template)).toBe(policyOf(Template.fromStack(plain)));
  });

  test('has no redirect from HTTP if the user sets redirectHttp to false', () => {
    make(() => ({ certificates, redirectHttp: false })).template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
  });

  test('has the port and the TLS policy of the user', () => {
    const { template, web } = make(() => ({ certificates, port: 8443, sslPolicy: elbv2.SslPolicy.TLS13_RES }));
    expect(web.url).toMatch(/^https:\/\/.*:8443\/$/);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 8443, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' });
  });

  test('has the other settings of a listener', () => {
    const mutualAuthentication = { mutualAuthenticationMode: elbv2.MutualAuthenticationMode.PASS_THROUGH };
    const { template } = make(() => ({ certificates, mutualAuthentication }));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, MutualAuthentication: { Mode: 'passthrough' } });
  });

  test('is recommended by a warning if there is no certificate', () => {
    const { stack } = make(() => ({}));
    Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp('the load balancer accepts plain HTTP, .*; give certificates or a domain'));
    Annotations.fromStack(make(() => ({ certificates, publicUrl: 'https://www.example.com/' })).stack).hasNoWarning('*', Match.anyValue());
  });

  test('warns that the URL has a name that the certificate of the user is not for, unless the user gives publicUrl', () => {
    const { stack } = make(() => ({ certificates }));
    Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp(
      'the URL of the app has the DNS name of the load balancer, which no certificate is for, .*; give publicUrl with a name of the certificate, or a domain'));
    expect(make(() => ({ certificates, publicUrl: 'https://www.example.com' })).web.url).toBe('https://www.example.com/');
  });
});

describe('a domain', () => {
  const zoneIn = (stack: cdk.Stack) => new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });

  test('gets a certificate, an HTTPS listener and an alias record', () => {
    const { template, web } = make(stack => ({ domain: { name: 'www.example.com', zone: zoneIn(stack) } }));
    expect(web.url).toBe('https://www.example.com/');
    const [certificate] = Object.keys(template.findResources('AWS::CertificateManager::Certificate', { Properties: { DomainName: 'www.example.com', ValidationMethod: 'DNS' } }));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Certificates: [{ CertificateArn: { Ref: certificate } }] });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'www.example.com.',
      Type: 'A',
      AliasTarget: { DNSName: { 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': ['WebFrontDoorLoadBalancer7F5BF27F', 'DNSName'] }]] } },
    });
  });

  test('uses the certificate of the user', () => {
    const { template } = make(stack => ({
      domain: { name: 'www.example.com', zone: zoneIn(stack), certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE) },
    }));
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Certificates: [{ CertificateArn: CERTIFICATE }] });
  });
});

test('its security group allows everyone, and nobody if the user sets open to false', () => {
  make(() => ({ open: false })).template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  make(() => ({})).template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 80 })] });
});

describe('an internal load balancer', () => {
  const internal = (makeVpc: (stack: cdk.Stack) => ec2.IVpc, options: AlbOptions = {}) =>
    make(stack => ({ vpc: makeVpc(stack), internetFacing: false, ...options })).template;
  const vpcIn = (stack: cdk.Stack) => new ec2.Vpc(stack, 'Vpc');
  const importedIn = (stack: cdk.Stack, vpcCidrBlock?: string) => ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1', vpcCidrBlock, availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  const ingressOf = (template: Template) => Object.values(template.findResources('AWS::EC2::SecurityGroup'))[0].Properties.SecurityGroupIngress
    ?.map(({ CidrIp, FromPort }: { CidrIp: unknown; FromPort: number }) => [CidrIp, FromPort]);

  test('accepts connections from its VPC only', () => {
    const cidr = '10.0.0.0/16';
    expect(ingressOf(internal(vpcIn))).toEqual([[cidr, 80]]);
    const ipAddresses = ec2.IpAddresses.awsIpamAllocation({ ipv4IpamPoolId: 'pool', ipv4NetmaskLength: 16, defaultSubnetIpv4NetmaskLength: 24 });
    expect(ingressOf(internal(stack => new ec2.Vpc(stack, 'Vpc', { ipAddresses })))).toEqual([[{ 'Fn::GetAtt': ['Vpc8378EB38', 'CidrBlock'] }, 80]]);
    expect(ingressOf(internal(vpcIn, { certificates: [{ certificateArn: CERTIFICATE }] }))).toEqual([[cidr, 443], [cidr, 80]]);
    expect(ingressOf(internal(stack => importedIn(stack, '10.1.0.0/16')))).toEqual([['10.1.0.0/16', 80]]);
  });

  test('accepts connections from everyone or from nobody, if the user sets open', () => {
    expect(ingressOf(internal(vpcIn, { open: true }))).toEqual([['0.0.0.0/0', 80]]);
    expect(ingressOf(internal(vpcIn, { open: false }))).toBeUndefined();
    expect(ingressOf(internal(importedIn, { open: false }))).toBeUndefined();
  });

  test('fails if the addresses of an imported VPC are not known', () => {
    expect(() => internal(importedIn)).toThrow(
      'Stack/Web/FrontDoor: the addresses of vpc Stack/Vpc are not known, so the internal load balancer cannot admit them; import the VPC with vpcCidrBlock, '
      + 'or set open: false and admit clients with loadBalancer.connections, or open: true for everyone who can reach it');
  });

  test('of the user is treated in the same way', () => {
    const { template } = make(stack => ({ loadBalancer: new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc: vpcIn(stack) }) }));
    expect(ingressOf(template)).toEqual([['10.0.0.0/16', 80]]);
  });
});

describe('an existing load balancer', () => {
  const balancerIn = (scope: cdk.Stack, props: Partial<elbv2.ApplicationLoadBalancerProps> = {}) =>
    new elbv2.ApplicationLoadBalancer(scope, 'Shared', { vpc: new ec2.Vpc(scope, 'Vpc'), ...props });

  test('gets a listener for the app', () => {
    const { template, web } = make(stack => ({ loadBalancer: balancerIn(stack), port: 8080 }));
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 8080, Protocol: 'HTTP' });
    expect(web.url).toMatch(/^http:\/\/.*:8080\/$/);
    expect([web.loadBalancer, web.listener?.port]).toEqual([undefined, 8080]);
  });

  test('gets no redirect from port 80, which may be in use, unless the user sets redirectHttp', () => {
    const certificates = [{ certificateArn: CERTIFICATE }];
    make(stack => ({ loadBalancer: balancerIn(stack), certificates })).template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    make(stack => ({ loadBalancer: balancerIn(stack), certificates, redirectHttp: true })).template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
  });

  test('can be in another stack', () => {
    const stack = testStack();
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const { template } = make(() => ({ loadBalancer: balancerIn(other) }), stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    Template.fromStack(other).resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 0);
  });
});

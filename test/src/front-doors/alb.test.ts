import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { AlbOptions, FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
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

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/id';

function doorsOf(template: Template) {
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  return JSON.parse(Properties.Environment.Variables.WRAPPED_WEB_APP_DOORS);
}

/** Makes the app with options of the door that may belong to the stack. */
function make(optionsIn: (stack: cdk.Stack) => AlbOptions, stack = testStack()) {
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb(optionsIn(stack)) });
  return { web, stack, template: Template.fromStack(stack) };
}

describe('HTTPS', () => {
  const certificates = [{ certificateArn: CERTIFICATE }];

  test('comes with a certificate, and HTTP is redirected to it', () => {
    const { template, web } = make(() => ({ certificates }));
    expect(web.url).toBe(`https://${web.loadBalancer!.loadBalancerDnsName}/`);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: CERTIFICATE }],
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      DefaultActions: [Match.objectLike({ Type: 'forward' })],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
    });
  });

  test('comes alone when the user says so', () => {
    make(() => ({ certificates, redirectHttp: false })).template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
  });

  test('has the port and the policy that the user chose', () => {
    const { template, web } = make(() => ({ certificates, port: 8443, sslPolicy: elbv2.SslPolicy.TLS13_RES }));
    expect(web.url).toMatch(/^https:\/\/.*:8443\/$/);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 8443, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' });
  });

  test('has every other setting of a listener', () => {
    const mutualAuthentication = { mutualAuthenticationMode: elbv2.MutualAuthenticationMode.PASS_THROUGH };
    const { template } = make(() => ({ certificates, mutualAuthentication }));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, MutualAuthentication: { Mode: 'passthrough' } });
  });

  test('is missed with a warning', () => {
    const { stack } = make(() => ({}));
    Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp('the load balancer takes plain HTTP, .*; give certificates or a domain'));
    Annotations.fromStack(make(() => ({ certificates })).stack).hasNoWarning('*', Match.anyValue());
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

  test('uses the certificate that the user gives', () => {
    const { template } = make(stack => ({
      domain: { name: 'www.example.com', zone: zoneIn(stack), certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE) },
    }));
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Certificates: [{ CertificateArn: CERTIFICATE }] });
  });

  test('fails when it is not in its zone', () => {
    expect(() => make(stack => ({ domain: { name: 'example.org', zone: zoneIn(stack) } }))).toThrow('Stack/Web/FrontDoor: domain example.org is not in the zone example.com');
  });
});

describe('the load balancer', () => {
  test('has the settings that the user gives', () => {
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

  test('lets in nobody by itself when the user says so', () => {
    make(() => ({ open: false })).template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    make(() => ({})).template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 80 })] });
  });

  test('checks the health of the app when the user says so', () => {
    make(() => ({ healthCheck: { enabled: true, path: '/health' } })).template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckEnabled: true,
      HealthCheckPath: '/health',
    });
  });

  test.each([elbv2.XffHeaderProcessingMode.PRESERVE, elbv2.XffHeaderProcessingMode.REMOVE])('warns when it does not say who called: %s', xffHeaderProcessingMode => {
    const { stack } = make(() => ({ xffHeaderProcessingMode }));
    Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp(
      `with xffHeaderProcessingMode '${xffHeaderProcessingMode}' the load balancer does not say who called.*use 'append'`));
  });

  test('fails to be internal in a VPC that nobody is in', () => {
    expect(() => make(() => ({ internetFacing: false }))).toThrow(
      'Stack/Web/FrontDoor: an internal load balancer needs a VPC from which it can be reached; give vpc');
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

  test('gets no redirect from a port that may be taken, unless the user says so', () => {
    const certificates = [{ certificateArn: CERTIFICATE }];
    make(stack => ({ loadBalancer: balancerIn(stack), certificates })).template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    make(stack => ({ loadBalancer: balancerIn(stack), certificates, redirectHttp: true })).template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
  });

  test('may be in another stack', () => {
    const stack = testStack();
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const { template } = make(() => ({ loadBalancer: balancerIn(other) }), stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    Template.fromStack(other).resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 0);
  });

  test('is asked how long it waits', () => {
    const stack = testStack();
    const loadBalancer = balancerIn(stack, { idleTimeout: cdk.Duration.seconds(10) });
    new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb({ loadBalancer, certificates: [{ certificateArn: CERTIFICATE }] }) });
    Annotations.fromStack(stack).hasWarning('/Stack/Web', Match.stringLikeRegexp("the function may run for 29 s, but its front door 'alb' waits only 10 s"));
  });

  test('fails when settings of it are given beside it', () => {
    expect(() => make(stack => ({ loadBalancer: balancerIn(stack), idleTimeout: cdk.Duration.seconds(1), internetFacing: true }))).toThrow(
      'Stack/Web/FrontDoor: internetFacing, idleTimeout cannot be set beside an existing loadBalancer; set them on that loadBalancer');
  });
});

describe('an existing listener', () => {
  const listenerIn = (scope: cdk.Stack, props: Partial<elbv2.BaseApplicationListenerProps> = {}) =>
    new elbv2.ApplicationLoadBalancer(scope, 'Shared', { vpc: new ec2.Vpc(scope, 'Vpc') })
      .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404), ...props });

  test('gets a rule for a path and all below it, and the app is told', () => {
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

  test('gives the app its address', () => {
    const { web } = make(stack => ({
      listener: listenerIn(stack, { port: 8443, protocol: elbv2.ApplicationProtocol.HTTPS, certificates: [{ certificateArn: CERTIFICATE }] }),
      path: '/app',
      priority: 10,
    }));
    expect(web.url).toMatch(/^https:\/\/.*:8443\/app$/);
  });

  test('may be in another stack, to which nothing is added', () => {
    const stack = testStack();
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const { template } = make(() => ({ listener: listenerIn(other), path: '/app', priority: 10 }), stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
    Template.fromStack(other).resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
  });

  describe('that is imported', () => {
    const imported = (stack: cdk.Stack) => elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
      listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/1/2',
      securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-123'),
    });

    test('is used with its load balancer, which knows the address', () => {
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

    test('fails without it', () => {
      expect(() => make(stack => ({ listener: imported(stack), path: '/app', priority: 10 }))).toThrow(
        'Stack/Web/FrontDoor: listener Stack/Listener is imported and does not tell its address; give its loadBalancer as well');
    });
  });

  test('fails without a priority', () => {
    expect(() => make(stack => ({ listener: listenerIn(stack), path: '/app' }))).toThrow(
      'Stack/Web/FrontDoor: a rule on an existing listener needs a priority that no other rule has; give priority, from 1 to 50000');
  });

  test('fails without a path and conditions', () => {
    expect(() => make(stack => ({ listener: listenerIn(stack), priority: 10 }))).toThrow(
      "Stack/Web/FrontDoor: a rule on an existing listener needs to know which requests are this app's; give path or conditions");
  });

  test('fails when settings of it are given beside it', () => {
    expect(() => make(stack => ({ listener: listenerIn(stack), priority: 10, path: '/app', certificates: [{ certificateArn: CERTIFICATE }] }))).toThrow(
      'Stack/Web/FrontDoor: certificates cannot be set beside an existing listener; set it on that listener');
  });
});

describe('fails at synthesis', () => {
  test.each<[string, AlbOptions]>([
    ['path', { path: '/app' }],
    ['priority', { priority: 10 }],
    ['conditions', { conditions: [] }],
  ])('with %s and no listener', (_, options) => {
    expect(() => make(() => options)).toThrow(
      'Stack/Web/FrontDoor: path, priority and conditions are for a rule of an existing listener; give that listener as well, or drop them');
  });

  test('with another default action', () => {
    expect(() => make(() => ({ defaultAction: elbv2.ListenerAction.fixedResponse(404) }))).toThrow(
      'Stack/Web/FrontDoor: defaultAction and defaultTargetGroups are the app itself; for another default make the listener and give it as listener');
  });
});

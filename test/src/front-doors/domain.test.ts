import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FrontDoor, FrontDoorDomain, IFrontDoor, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

const DOORS: [string, (domain: FrontDoorDomain) => IFrontDoor][] = [
  ['http-api', domain => FrontDoor.httpApi({ domain })],
  ['rest-api', domain => FrontDoor.restApi({ domain })],
  ['alb', domain => FrontDoor.alb({ domain })],
];

function make(frontDoor: (domain: FrontDoorDomain) => IFrontDoor, nameIn: (stack: cdk.Stack) => string) {
  const stack = testStack();
  const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: frontDoor({ name: nameIn(stack), zone }) });
  return { web, template: Template.fromStack(stack) };
}

test.each(DOORS)('%s can have the name of the zone itself', (_, frontDoor) => {
  const { web, template } = make(frontDoor, () => 'example.com');
  expect(web.url).toBe('https://example.com/');
  template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'example.com.', Type: 'A' });
});

test.each(DOORS)('%s can have a name that is a token', (_, frontDoor) => {
  const { template } = make(frontDoor, stack => new cdk.CfnParameter(stack, 'Name').valueAsString);
  template.resourceCountIs('AWS::Route53::RecordSet', 1);
});

test.each(DOORS)('%s fails if the name is not in the zone', (_, frontDoor) => {
  for (const name of ['www.example.org', 'notexample.com']) {
    expect(() => make(frontDoor, () => name)).toThrow(
      `Stack/Web/FrontDoor: domain ${name} is not in the zone example.com; choose a name that ends in .example.com, or the zone of that name`);
  }
});

test('an app cannot have the same name behind two front doors', () => {
  const stack = testStack();
  const domain = { name: 'www.example.com', zone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }) };
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ domain }) });
  expect(() => web.addFrontDoor('Internal', FrontDoor.alb({ domain }))).toThrow(
    'Stack/Web/Internal: domain www.example.com already leads to another front door of this app, see Stack/Web/www.example.com; '
    + 'give one of them another name; for the same name in another zone, add a record to that zone yourself');
});

test('can be used without the construct, in the scope of the stack', () => {
  const stack = testStack();
  const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
  const { handler } = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
  FrontDoor.httpApi({ domain: { name: 'www.example.com', zone } }).bind(stack, { handler });
  Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::DomainName', 1);
});

describe('mutual TLS', () => {
  const mtlsIn = (stack: cdk.Stack) => ({ bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'trust-stores'), key: 'clients.pem', version: 'v1' });

  function makeWithMtls(frontDoor: (domain: FrontDoorDomain) => IFrontDoor) {
    const stack = testStack();
    const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
    new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: frontDoor({ name: 'www.example.com', zone, mtls: mtlsIn(stack) }) });
    return Template.fromStack(stack);
  }

  const APIS: [string, string, (domain: FrontDoorDomain, disableExecuteApiEndpoint?: boolean) => IFrontDoor][] = [
    ['http-api', 'AWS::ApiGatewayV2::Api', (domain, disableExecuteApiEndpoint) => FrontDoor.httpApi({ domain, disableExecuteApiEndpoint })],
    ['rest-api', 'AWS::ApiGateway::RestApi', (domain, disableExecuteApiEndpoint) => FrontDoor.restApi({ domain, disableExecuteApiEndpoint })],
  ];

  test.each(APIS)('%s asks clients for a certificate, and has no endpoint that does not', (_, type, frontDoor) => {
    const template = makeWithMtls(frontDoor);
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      MutualTlsAuthentication: { TruststoreUri: 's3://trust-stores/clients.pem', TruststoreVersion: 'v1' },
    });
    template.hasResourceProperties(type, { DisableExecuteApiEndpoint: true });
  });

  test.each(APIS)('%s keeps its own endpoint if the user wants it, or without mutual TLS', (_, type, frontDoor) => {
    makeWithMtls(domain => frontDoor(domain, false)).hasResourceProperties(type, { DisableExecuteApiEndpoint: false });
    make(frontDoor, () => 'www.example.com').template.hasResourceProperties(type, { DisableExecuteApiEndpoint: Match.absent() });
  });

  test('fails behind a load balancer', () => {
    expect(() => makeWithMtls(domain => FrontDoor.alb({ domain }))).toThrow(
      'Stack/Web/FrontDoor: domain.mtls is for API Gateway; use mutualAuthentication for a load balancer');
  });

  test('fails on an EDGE endpoint', () => {
    expect(() => makeWithMtls(domain => FrontDoor.restApi({ domain, endpointTypes: [apigateway.EndpointType.EDGE] }))).toThrow(
      'Stack/Web/FrontDoor: an EDGE endpoint cannot have mutual TLS; drop domain.mtls, or drop the EDGE endpoint type');
  });
});

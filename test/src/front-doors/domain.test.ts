import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as route53 from 'aws-cdk-lib/aws-route53';
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

/**
 * A stack is deployed to an emulator with one front door, and updated to another one, again and again.
 *
 * The test shows that the updates go through, that the app answers at its new front door, and that nothing is left of the old one. The
 * emulator does not refuse every change that AWS refuses, such as a name that is used twice: `test/src/updates` finds these.
 */
import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Emulator } from './emulator';
import { entry } from '../../integ/app/entry';
import { FrontDoor, FrontDoorDomain, FrontDoorName, IFrontDoor, WrappedWebApp } from '../../src';
import { scratchFolder } from '../src/synthesis';

const emulator = new Emulator();

beforeAll(async () => {
  await emulator.start();
  emulator.cdk('bootstrap', 'aws://000000000000/us-east-1');
});

afterAll(() => emulator.stop());

type Door = FrontDoorName | ((stack: cdk.Stack, domain: FrontDoorDomain) => IFrontDoor);

/** Deploys the stack with a front door, and returns the URL of the app, the host of its load balancer and the resources. */
async function deploy(frontDoor: Door) {
  const app = new cdk.App({ outdir: scratchFolder() });
  const stack = new cdk.Stack(app, 'changing');
  const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
  const web = new WrappedWebApp(stack, 'Web', {
    entry,
    frontDoor: typeof frontDoor === 'string' ? frontDoor : frontDoor(stack, { name: 'www.example.com', zone }),
  });
  if (web.loadBalancer) new cdk.CfnOutput(stack, 'LoadBalancerHost', { value: web.loadBalancer.loadBalancerDnsName });
  const { changing: outputs } = emulator.deploy(app.synth().directory);
  const resources = await emulator.resourcesOf('changing');
  const idOf = (type: string) => resources.find(resource => resource.type === type)?.physicalId;
  const targetGroup = idOf('AWS::ElasticLoadBalancingV2::TargetGroup');
  if (targetGroup) await emulator.registerTarget(targetGroup, idOf('AWS::Lambda::Function')!);
  const [, url] = Object.entries(outputs).find(([name]) => name.startsWith('WebUrl'))!;
  return { url, loadBalancerHost: outputs.LoadBalancerHost, resources };
}

const TYPES = /^AWS::(ApiGateway|ApiGatewayV2|ElasticLoadBalancingV2|Lambda|Route53)::(Api|RestApi|LoadBalancer|Url|DomainName|ApiMapping|RecordSet)$/;

test.each<[string, Door, string[]]>([
  ['function-url', 'function-url', ['AWS::Lambda::Url']],
  ['http-api', 'http-api', ['AWS::ApiGatewayV2::Api']],
  ['rest-api', 'rest-api', ['AWS::ApiGateway::RestApi']],
  ['alb', 'alb', ['AWS::ElasticLoadBalancingV2::LoadBalancer']],
  ['http-api with a domain', (_, domain) => FrontDoor.httpApi({ domain }),
    ['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::ApiMapping', 'AWS::ApiGatewayV2::DomainName', 'AWS::Route53::RecordSet']],
  ['rest-api with a domain', (_, domain) => FrontDoor.restApi({ domain }),
    ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::ApiMapping', 'AWS::ApiGatewayV2::DomainName', 'AWS::Route53::RecordSet']],
  ['alb in a VPC', stack => FrontDoor.alb({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }) }), ['AWS::ElasticLoadBalancingV2::LoadBalancer']],
])('%s replaces the front door before it', async (_, frontDoor, types) => {
  const { url, resources } = await deploy(frontDoor);
  expect(resources.map(({ type }) => type).filter(type => TYPES.test(type)).sort()).toEqual(types);
  expect([url, await emulator.request(`${url}some/path`)]).toMatchObject([url, { status: 200, body: { url: '/some/path' } }]);
});

test('alb with a domain redirects on the port of the listener before it', async () => {
  const { url, loadBalancerHost, resources } = await deploy((_, domain) => FrontDoor.alb({ domain }));
  expect(url).toBe('https://www.example.com/');
  expect(resources.filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::Listener')).toHaveLength(2);
  // The emulator chooses the listener by the port in the Host header, and speaks HTTP on every port.
  expect(await emulator.request(`http://${loadBalancerHost}/some/path`)).toMatchObject({ status: 301 });
  expect(await emulator.request(`http://${loadBalancerHost}:443/some/path`)).toMatchObject({ status: 200, body: { url: '/some/path' } });
});

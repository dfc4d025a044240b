import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { FrontDoor, FrontDoorConfig, FrontDoorName, WrappedWebApp } from '../../../src';
import { doorsOf, ENTRY, testStack } from '../synthesis';

/** Makes an app with two front doors of the user at these paths. */
function make(
  door: FrontDoorName,
  one: string | undefined,
  two: string | undefined,
  more: [Partial<FrontDoorConfig>, Partial<FrontDoorConfig>] = [{}, {}],
): FrontDoorConfig {
  const frontDoorAt = (mountPrefix: string | undefined, config: Partial<FrontDoorConfig>) =>
    ({ bind: (): FrontDoorConfig => ({ door, url: 'https://example.com/', responseMode: 'buffered', mountPrefix, ...config }) });
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, frontDoor: frontDoorAt(one, more[0]) });
  return web.addFrontDoor('Other', frontDoorAt(two, more[1]));
}

describe.each<FrontDoorName>(['alb', 'function-url'])('two front doors of kind %s', door => {
  const fix = 'put it on another WrappedWebApp with the same entry, or use paths of which none begins with the other';

  test.each([
    ['/shop', undefined, '/shop', '/', '/shop'],
    [undefined, '/shop', '/', '/shop', '/shop'],
    ['/shop', '/shop/admin', '/shop', '/shop/admin', '/shop/admin'],
  ])('fail at %s and %s', (one, two, first, second, request) => {
    expect(() => make(door, one, two)).toThrow(`Stack/Web/Other: an event of '${door}' has only the path of the request, so a request for ${request} could be `
      + `from this front door at ${second} or from Stack/Web/FrontDoor at ${first}; ${fix}`);
  });

  test.each([['/shop', '/store'], ['/shop', '/shopping'], ['/shop', '/shop'], [undefined, undefined]])('work at %s and %s', (one, two) => {
    expect(make(door, one, two).mountPrefix).toBe(two);
  });
});

test.each<FrontDoorName>(['http-api', 'rest-api'])('two front doors of kind %s work at any paths, because their events have a route', door => {
  expect(make(door, '/shop', undefined).mountPrefix).toBeUndefined();
  expect(make(door, '/shop', '/shop/admin').mountPrefix).toBe('/shop/admin');
});

test('two HTTP APIs at one path fail if only one of them has a mapping key', () => {
  expect(() => make('http-api', undefined, undefined, [{ mappingKey: 'v1' }, {}])).toThrow(
    'Stack/Web/Other: its events look like those of Stack/Web/FrontDoor, which has the mapping key "v1" and not ""; put it on another WrappedWebApp with the same entry');
  expect(make('http-api', undefined, undefined, [{ mappingKey: 'v1' }, { mappingKey: 'v1' }]).mappingKey).toBe('v1');
  expect(make('http-api', undefined, '/shop', [{ mappingKey: 'v1' }, {}]).mountPrefix).toBe('/shop');
});

test('the built-in front doors of one kind at different paths are all in the contract', () => {
  const stack = testStack();
  const httpApi = new apigwv2.HttpApi(stack, 'HttpApi');
  const restApi = new apigateway.RestApi(stack, 'RestApi', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ api: httpApi, path: '/shop' }) });
  web.addFrontDoor('Store', FrontDoor.httpApi({ api: httpApi, path: '/store' }));
  web.addFrontDoor('Own', 'http-api');
  web.addFrontDoor('RestShop', FrontDoor.restApi({ api: restApi, path: '/shop' }));
  web.addFrontDoor('RestStore', FrontDoor.restApi({ api: restApi, path: '/store' }));
  expect((doorsOf(Template.fromStack(stack)) as any[]).map(({ door, mountPrefix }) => `${door} ${mountPrefix ?? '/'}`)).toEqual([
    'http-api /shop', 'http-api /store', 'http-api /', 'rest-api /shop', 'rest-api /store',
  ]);
});

test('a load balancer of its own and a path on a shared listener fail', () => {
  const stack = testStack();
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const listener = new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc })
    .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb({ vpc }) });
  expect(() => web.addFrontDoor('Shop', FrontDoor.alb({ listener, path: '/shop', priority: 10 }))).toThrow(
    "Stack/Web/Shop: an event of 'alb' has only the path of the request, so a request for /shop could be from this front door at /shop or from Stack/Web/FrontDoor at /");
});

describe('the mapping key of an HTTP API', () => {
  const doorsWith = (optionsOf: (domainMapping: apigwv2.DomainMappingOptions) => Parameters<typeof FrontDoor.httpApi>[0], mappingKey?: string) => {
    const stack = testStack();
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/id');
    const domainName = new apigwv2.DomainName(stack, 'Domain', { domainName: 'api.example.com', certificate });
    new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi(optionsOf({ domainName, mappingKey })) });
    return doorsOf(Template.fromStack(stack));
  };

  test('is in the contract', () => {
    const expected = [{ door: 'http-api', mappingKey: 'shop/v1', responseMode: 'buffered' }];
    expect(doorsWith(defaultDomainMapping => ({ defaultDomainMapping }), 'shop/v1')).toEqual(expected);
    expect(doorsWith(domainMapping => ({ stageOptions: { domainMapping } }), 'shop/v1')).toEqual(expected);
  });

  test('is not in the contract at the root of the domain', () => {
    expect(doorsWith(defaultDomainMapping => ({ defaultDomainMapping }))).toEqual([{ door: 'http-api', responseMode: 'buffered' }]);
  });
});

import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { FrontDoor, IFrontDoor, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

/** The URL of an app, without what differs between accounts. */
function urlOf(frontDoorIn: (stack: cdk.Stack) => IFrontDoor): string {
  const stack = testStack();
  const url = stack.resolve(new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: frontDoorIn(stack) }).url);
  return typeof url === 'string' ? url : url['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : part.Ref.replace(/^.*::/, '')).join('');
}

const certificateIn = (stack: cdk.Stack) => acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/id');
const domainIn = (stack: cdk.Stack) => new apigwv2.DomainName(stack, 'Domain', { domainName: 'www.example.com', certificate: certificateIn(stack) });
const importedIn = (stack: cdk.Stack) => apigwv2.HttpApi.fromHttpApiAttributes(stack, 'Shared', { httpApiId: 'abc123' });

describe('the URL of an app on an HTTP API', () => {
  const withoutStage = (stack: cdk.Stack) => new apigwv2.HttpApi(stack, 'Shared', { createDefaultStage: false });

  test('has the stage of an existing API, if its name is not $default', () => {
    expect(urlOf(stack => {
      const api = withoutStage(stack);
      api.addStage('Live', { stageName: 'live', autoDeploy: true });
      return FrontDoor.httpApi({ api, path: '/shop' });
    })).toBe('https://SharedDACC02AA.execute-api.Region.URLSuffix/live/shop');
  });

  test('has no stage if the existing API has the stage $default, whatever other stages it has', () => {
    expect(urlOf(stack => {
      const api = new apigwv2.HttpApi(stack, 'Shared');
      api.addStage('Live', { stageName: 'live', autoDeploy: true });
      return FrontDoor.httpApi({ api });
    })).toBe('https://SharedDACC02AA.execute-api.Region.URLSuffix/');
  });

  test('has the stage that the user names', () => {
    expect(urlOf(stack => FrontDoor.httpApi({ api: importedIn(stack), path: '/shop', stageName: 'live' }))).toBe('https://abc123.execute-api.Region.URLSuffix/live/shop');
    expect(urlOf(stack => FrontDoor.httpApi({ api: new apigwv2.HttpApi(stack, 'Shared'), stageName: 'live' }))).toBe('https://SharedDACC02AA.execute-api.Region.URLSuffix/live/');
  });

  test('has the only stage that the stack makes for an imported API', () => {
    expect(urlOf(stack => {
      const api = importedIn(stack);
      new apigwv2.HttpStage(stack, 'Live', { httpApi: api, stageName: 'live', autoDeploy: true });
      return FrontDoor.httpApi({ api, path: '/shop' });
    })).toBe('https://abc123.execute-api.Region.URLSuffix/live/shop');
  });

  test('fails if the stage is not known', () => {
    expect(() => urlOf(stack => FrontDoor.httpApi({ api: withoutStage(stack), path: '/shop' }))).toThrow(
      "Stack/Web/FrontDoor: api Stack/Shared has no stage yet, so the URL of the app is not known; name its stage, e.g. stageName: 'prod'");
    expect(() => urlOf(stack => {
      const api = withoutStage(stack);
      for (const stageName of ['blue', 'green']) api.addStage(stageName, { stageName, autoDeploy: true });
      return FrontDoor.httpApi({ api, path: '/shop' });
    })).toThrow("Stack/Web/FrontDoor: api Stack/Shared has the stages blue, green, so the URL of the app is not known; name its stage, e.g. stageName: 'prod'");
  });

  test('fails if stageName is set for a new API', () => {
    expect(() => urlOf(() => FrontDoor.httpApi({ stageName: 'live' }))).toThrow(
      'Stack/Web/FrontDoor: stageName is for an existing api; use stageOptions: { stageName: "live" }');
  });

  test.each<[string, (stack: cdk.Stack) => IFrontDoor, string]>([
    ['a new API', stack => FrontDoor.httpApi({ disableExecuteApiEndpoint: true, defaultDomainMapping: { domainName: domainIn(stack) } }), 'https://www.example.com/'],
    ['a new API with stage options', stack => FrontDoor.httpApi({
      disableExecuteApiEndpoint: true, stageOptions: { stageName: 'live', domainMapping: { domainName: domainIn(stack), mappingKey: 'v1' } },
    }), 'https://www.example.com/v1/'],
    ['an existing API', stack => FrontDoor.httpApi({
      api: new apigwv2.HttpApi(stack, 'Shared', { disableExecuteApiEndpoint: true, defaultDomainMapping: { domainName: domainIn(stack), mappingKey: 'v1' } }), path: '/shop',
    }), 'https://www.example.com/v1/shop'],
    ['an existing API that the user maps', stack => {
      const api = new apigwv2.HttpApi(stack, 'Shared', { disableExecuteApiEndpoint: true });
      const domainName = apigwv2.DomainName.fromDomainNameAttributes(stack, 'Domain', { name: 'www.example.com', regionalDomainName: 'x', regionalHostedZoneId: 'y' });
      new apigwv2.ApiMapping(stack, 'Mapping', { api, domainName });
      return FrontDoor.httpApi({ api, path: '/shop' });
    }, 'https://www.example.com/shop'],
  ])('has the domain name if the own endpoint of %s is disabled', (_, frontDoorIn, url) => {
    expect(urlOf(frontDoorIn)).toBe(url);
  });
});

describe('the URL of an app on a REST API', () => {
  const sharedIn = (stack: cdk.Stack, props: apigateway.RestApiProps = {}) => new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'], ...props });

  test('has the stage as a literal, so it does not refer to the stage', () => {
    expect(urlOf(() => FrontDoor.restApi({ deployOptions: { stageName: 'live' } }))).toMatch(/^https:\/\/Web\w+\.execute-api\.Region\.URLSuffix\/live\/$/);
    expect(urlOf(stack => FrontDoor.restApi({ api: sharedIn(stack), path: '/shop' }))).toBe('https://SharedDACC02AA.execute-api.Region.URLSuffix/prod/shop');
  });

  test.each<[string, (stack: cdk.Stack) => IFrontDoor, string]>([
    ['a new API', stack => FrontDoor.restApi({
      disableExecuteApiEndpoint: true, domainName: { domainName: 'www.example.com', certificate: certificateIn(stack), basePath: 'v1' },
    }), 'https://www.example.com/v1/'],
    ['an existing API', stack => FrontDoor.restApi({
      api: sharedIn(stack, { disableExecuteApiEndpoint: true, domainName: { domainName: 'www.example.com', certificate: certificateIn(stack) } }), path: '/shop',
    }), 'https://www.example.com/shop'],
  ])('has the domain name if the own endpoint of %s is disabled', (_, frontDoorIn, url) => {
    expect(urlOf(frontDoorIn)).toBe(url);
  });
});

test.each<[string, (stack: cdk.Stack) => IFrontDoor, string]>([
  ['a new HTTP API', () => FrontDoor.httpApi({ disableExecuteApiEndpoint: true }), 'Stack/Web/FrontDoor/\\w+'],
  ['an existing HTTP API', stack => FrontDoor.httpApi({ api: new apigwv2.HttpApi(stack, 'Shared', { disableExecuteApiEndpoint: true }) }), 'Stack/Shared'],
  ['a new REST API', () => FrontDoor.restApi({ disableExecuteApiEndpoint: true }), 'Stack/Web/FrontDoor/\\w+'],
  ['a REST API with two domain names', stack => {
    const api = new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'], disableExecuteApiEndpoint: true });
    for (const name of ['a', 'b']) api.addDomainName(name, { domainName: `${name}.example.com`, certificate: certificateIn(new cdk.Stack(stack, name)) });
    return FrontDoor.restApi({ api });
  }, 'Stack/Shared'],
])('fails if the own endpoint of %s is disabled and the domain name is not known', (_, frontDoorIn, api) => {
  expect(() => urlOf(frontDoorIn)).toThrow(new RegExp(
    `^Stack/Web/FrontDoor: api ${api} has disableExecuteApiEndpoint, and its domain name is not known here; give publicUrl, e\\.g\\. publicUrl: 'https://www\\.example\\.com/'$`));
});

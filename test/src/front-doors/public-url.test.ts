import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { FrontDoor, IFrontDoor, PublicUrlOptions, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

const DOORS: [string, (options: PublicUrlOptions, stack: cdk.Stack) => IFrontDoor][] = [
  ['functionUrl', options => FrontDoor.functionUrl(options)],
  ['httpApi', options => FrontDoor.httpApi(options)],
  ['httpApi with an existing API', (options, stack) => FrontDoor.httpApi({ api: new apigwv2.HttpApi(stack, 'Shared'), path: '/shop', ...options })],
  ['restApi', options => FrontDoor.restApi(options)],
  ['restApi with an existing API', (options, stack) => FrontDoor.restApi({
    api: new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'] }), path: '/shop', ...options,
  })],
  ['alb', options => FrontDoor.alb(options)],
];

function make(frontDoor: (options: PublicUrlOptions, stack: cdk.Stack) => IFrontDoor, publicUrl: string, stack = testStack()) {
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: frontDoor({ publicUrl }, stack) });
  return { web, template: Template.fromStack(stack) };
}

test.each(DOORS)('of %s is the URL of the app and its output', (_, frontDoor) => {
  const { web, template } = make(frontDoor, 'https://www.example.com/shop');
  expect(web.url).toBe('https://www.example.com/shop');
  template.hasOutput('*', { Value: 'https://www.example.com/shop' });
});

test.each([
  ['https://www.example.com', 'https://www.example.com/'],
  ['http://localhost:8080', 'http://localhost:8080/'],
  ['https://www.example.com/shop', 'https://www.example.com/shop'],
  ['https://www.example.com/prod/', 'https://www.example.com/prod/'],
])('%s becomes %s', (publicUrl, url) => {
  expect(make(options => FrontDoor.functionUrl(options), publicUrl).web.url).toBe(url);
});

test('can contain a token', () => {
  const stack = testStack();
  const name = new cdk.CfnParameter(stack, 'Name').valueAsString;
  const { web } = make(options => FrontDoor.functionUrl(options), `https://${name}/`, stack);
  expect(stack.resolve(web.url)).toEqual({ 'Fn::Join': ['', ['https://', { Ref: 'Name' }, '/']] });
});

test.each([
  'www.example.com', '/shop', 'ftp://www.example.com/', 'https://', 'https://www.example.com/?x=1', 'https://www.example.com/#top', 'https://me@example.com/', '',
])('fails if it is %j', publicUrl => {
  expect(() => make(options => FrontDoor.functionUrl(options), publicUrl)).toThrow(
    'Stack/Web/FrontDoor: publicUrl must be an absolute URL with http or https, without user name, query and fragment, '
    + `e.g. 'https://www.example.com/shop', got ${JSON.stringify(publicUrl)}`);
});

import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { FrontDoor, HttpApiOptions, WrappedWebApp } from '../../../src';
import { doorsOf, ENTRY, testStack } from '../synthesis';

/** Makes the template of an app with these options of the front door. The options may contain constructs of the stack. */
function templateOf(optionsIn: (stack: cdk.Stack) => HttpApiOptions, stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi(optionsIn(stack)) });
  return Template.fromStack(stack);
}

test('gets routes for a path and everything below it, and the runtime gets the path', () => {
  const template = templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared'), path: '/app' }));
  const routes = Object.entries(template.findResources('AWS::ApiGatewayV2::Route'));
  expect(routes.map(([id, { Properties }]) => [id, Properties.RouteKey])).toEqual([
    [expect.stringMatching(/^WebFrontDoorHttpApiRoute[0-9A-F]{8}$/), 'ANY /app'],
    [expect.stringMatching(/^WebFrontDoorHttpApiProxyRoute[0-9A-F]{8}$/), 'ANY /app/{proxy+}'],
  ]);
  expect(doorsOf(template)).toEqual([{ door: 'http-api', mountPrefix: '/app', responseMode: 'buffered' }]);
  for (const path of ['*/*/app', '*/*/app/{proxy+}']) {
    template.hasResourceProperties('AWS::Lambda::Permission', { SourceArn: { 'Fn::Join': ['', Match.arrayWith([`/${path}`])] } });
  }
});

test('its address and the path are the URL of the app', () => {
  const stack = testStack();
  const api = new apigwv2.HttpApi(stack, 'Shared');
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ api, path: '/app' }) });
  expect(stack.resolve(web.url)).toEqual({
    'Fn::Join': ['', ['https://', { Ref: 'SharedDACC02AA' }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/app']],
  });
  expect(web.httpApi).toBeUndefined();
});

test('without a path the app gets every request that has no other route', () => {
  const template = templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared') }));
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default' });
  expect(doorsOf(template)).toEqual([{ door: 'http-api', responseMode: 'buffered' }]);
});

test('can be in another stack, to which nothing is added', () => {
  const stack = testStack();
  const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
  const api = new apigwv2.HttpApi(other, 'Shared');
  const template = templateOf(() => ({ api, path: '/app' }), stack);
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 2);
  const ofOther = Template.fromStack(other);
  ofOther.resourceCountIs('AWS::ApiGatewayV2::Route', 0);
  ofOther.resourceCountIs('AWS::Lambda::Permission', 0);
});

test('can be imported', () => {
  const template = templateOf(stack => ({ api: apigwv2.HttpApi.fromHttpApiAttributes(stack, 'Shared', { httpApiId: 'abc123' }), path: '/app' }));
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { ApiId: 'abc123', RouteKey: 'ANY /app' });
  template.hasOutput('*', { Value: { 'Fn::Join': ['', ['https://abc123.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/app']] } });
});

test('the routes of the app can have an authorizer', () => {
  const template = templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared'), path: '/app', defaultAuthorizer: new HttpIamAuthorizer() }));
  template.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
});

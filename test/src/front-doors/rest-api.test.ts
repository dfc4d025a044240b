import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { FrontDoor, RestApiOptions, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { doorsOf, ENTRY, testStack } from '../synthesis';

/** Makes the template of an app with these options of the front door. The options may contain constructs of the stack. */
function templateOf(
  optionsIn: (stack: cdk.Stack) => RestApiOptions = () => ({}),
  stack = testStack(),
  props: Partial<WrappedWebAppProps> = {},
): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi(optionsIn(stack)), ...props });
  return Template.fromStack(stack);
}

test('sends every path and method to the function', () => {
  const template = templateOf();
  const integration = {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: { 'Fn::Join': ['', Match.arrayWith([{ 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] }])] },
  };
  const resources = [{ 'Fn::GetAtt': ['WebFrontDoorRestApiDCE973BE', 'RootResourceId'] }, { Ref: Object.keys(template.findResources('AWS::ApiGateway::Resource'))[0] }];
  template.resourceCountIs('AWS::ApiGateway::Method', 2);
  for (const ResourceId of resources) {
    template.hasResourceProperties('AWS::ApiGateway::Method', { ResourceId, HttpMethod: 'ANY', AuthorizationType: 'NONE', Integration: integration });
  }
  template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
});

test('only this API is allowed to invoke the function', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
    SourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: 'WebFrontDoorRestApiDCE973BE' }])] },
  });
  template.resourceCountIs('AWS::Lambda::Permission', 1);
});

test('returns its API and its URL', () => {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'rest-api' });
  expect(stack.resolve(web.url)).toEqual({
    'Fn::Join': ['', ['https://', stack.resolve(web.restApi!.restApiId), '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/prod/']],
  });
  expect([web.functionUrl, web.httpApi, web.loadBalancer]).toEqual([undefined, undefined, undefined]);
});

test('waits as long as the user sets', () => {
  templateOf(() => ({ integrationTimeout: cdk.Duration.seconds(60) })).allResourcesProperties('AWS::ApiGateway::Method', {
    Integration: Match.objectLike({ TimeoutInMillis: 60000 }),
  });
});

describe('streaming', () => {
  const streamed = (timeout?: cdk.Duration) => templateOf(() => ({}), testStack(), { responseStreaming: true, timeout });

  test('uses the streaming invocation, and the runtime knows it', () => {
    const template = streamed();
    template.allResourcesProperties('AWS::ApiGateway::Method', {
      Integration: Match.objectLike({
        Type: 'AWS_PROXY',
        ResponseTransferMode: 'STREAM',
        Uri: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('2021-11-15/functions/$'), '/response-streaming-invocations'])] },
      }),
    });
    expect(doorsOf(template)).toEqual([{ door: 'rest-api', responseMode: 'streaming' }]);
  });

  test.each([
    ['as long as the function runs', cdk.Duration.minutes(5), 300_000],
    ['15 minutes at most', cdk.Duration.minutes(15), 900_000],
  ])('waits %s', (_, timeout, TimeoutInMillis) => {
    streamed(timeout).allResourcesProperties('AWS::ApiGateway::Method', { Integration: Match.objectLike({ TimeoutInMillis }) });
  });
});

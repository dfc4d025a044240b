import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { FrontDoor, RestApiOptions, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { doorsOf, ENTRY, RECOMMENDED_FLAGS, testStack } from '../synthesis';

/** Makes the template of an app with these options of the front door. The options may contain constructs of the stack. */
function templateOf(
  optionsIn: (stack: cdk.Stack) => RestApiOptions,
  stack = testStack(),
  props: Partial<WrappedWebAppProps> = {},
): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi(optionsIn(stack)), ...props });
  return Template.fromStack(stack);
}

function sharedIn(scope: cdk.Stack, props: apigateway.RestApiProps = {}): apigateway.RestApi {
  const api = new apigateway.RestApi(scope, 'Shared', { binaryMediaTypes: ['*/*'], cloudWatchRole: false, ...props });
  api.root.addResource('old').addMethod('GET', new apigateway.MockIntegration());
  return api;
}
const webMethods = (template: Template) => Object.entries(template.findResources('AWS::ApiGateway::Method')).filter(([id]) => id.startsWith('Web'));

test('gets methods for a path and everything below it, and the runtime gets the path', () => {
  const stack = testStack();
  const template = templateOf(() => ({ api: sharedIn(stack), path: '/app' }), stack);
  const resources = Object.entries(template.findResources('AWS::ApiGateway::Resource')).filter(([, { Properties }]) => Properties.PathPart !== 'old');
  expect(resources.map(([, { Properties }]) => Properties.PathPart)).toEqual(['app', '{proxy+}']);
  expect(webMethods(template).map(([, { Properties }]) => [Properties.HttpMethod, Properties.ResourceId])).toEqual([
    ['ANY', { Ref: resources[0][0] }], ['ANY', { Ref: resources[1][0] }],
  ]);
  expect(doorsOf(template)).toEqual([{ door: 'rest-api', mountPrefix: '/app', responseMode: 'buffered' }]);
  template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'apigateway.amazonaws.com', SourceArn: { 'Fn::Join': ['', Match.arrayWith(['/*/*/*'])] } });
});

test('its own deployment includes the routes of the app', () => {
  const before = Object.keys((() => {
    const stack = testStack();
    sharedIn(stack);
    return Template.fromStack(stack);
  })().findResources('AWS::ApiGateway::Deployment'));
  const stack = testStack();
  const template = templateOf(() => ({ api: sharedIn(stack), path: '/app' }), stack);
  const [[id, deployment], ...others] = Object.entries(template.findResources('AWS::ApiGateway::Deployment'));
  expect(others).toEqual([]);
  expect([id]).not.toEqual(before);
  expect(deployment.DependsOn).toEqual(expect.arrayContaining(webMethods(template).map(([method]) => method)));
});

test('its stage and the path are in the URL of the app', () => {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ api: sharedIn(stack), path: '/a/b' }) });
  expect(stack.resolve(web.url)['Fn::Join'][1].at(-1)).toBe('/prod/a/b');
  expect(web.restApi).toBeUndefined();
});

test('the resource of a path that two apps use stays the same when one of them is removed', () => {
  const idOf = (...apps: string[]) => {
    const stack = testStack();
    const api = sharedIn(stack);
    for (const id of apps) new WrappedWebApp(stack, id, { entry: ENTRY, frontDoor: FrontDoor.restApi({ api, path: `/shop/${id}` }) });
    const ids = Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Resource', { Properties: { PathPart: 'shop' } }));
    expect(ids).toHaveLength(1);
    return ids[0];
  };
  expect(idOf('One', 'Two')).toBe(idOf('Two'));
});

test('resources that the API already has are used', () => {
  const stack = testStack();
  const template = templateOf(() => ({ api: sharedIn(stack), path: '/old/app' }), stack);
  expect(Object.values(template.findResources('AWS::ApiGateway::Resource')).map(({ Properties }) => Properties.PathPart)).toEqual(['old', 'app', '{proxy+}']);
});

test('can be in another stack, to which nothing is added', () => {
  const stack = testStack();
  const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
  const api = sharedIn(other);
  const template = templateOf(() => ({ api, path: '/old/app' }), stack);
  const ofOther = Template.fromStack(other);
  expect(webMethods(template)).toHaveLength(2);
  expect(Object.keys(ofOther.findResources('AWS::ApiGateway::Method'))).toHaveLength(1);
  ofOther.resourceCountIs('AWS::Lambda::Permission', 0);
  template.hasResource('AWS::ApiGateway::Deployment', {
    Properties: { RestApiId: Match.anyValue(), StageName: Match.anyValue() },
    DeletionPolicy: 'Retain',
    DependsOn: Match.arrayWith(webMethods(template).map(([id]) => id)),
  });
});

describe('without methods in its own stack', () => {
  const emptyIn = (scope: cdk.Stack, props: apigateway.RestApiProps = {}) =>
    new apigateway.RestApi(scope, 'Shared', { binaryMediaTypes: ['*/*'], cloudWatchRole: false, ...props });

  test.each([[true, {}], [true, RECOMMENDED_FLAGS], [false, {}]])('gets a method that answers 404, so it can be deployed before the apps of other stacks: deploy %s', (deploy, flags) => {
    jest.spyOn(console, 'error').mockImplementation();
    const stack = testStack(flags);
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const api = emptyIn(other, { deploy });
    new WrappedWebApp(stack, 'Second', { entry: ENTRY, frontDoor: FrontDoor.restApi({ api, path: '/second', stageName: 'prod' }) });
    const template = templateOf(() => ({ api, path: '/app', stageName: 'prod' }), stack);
    expect(webMethods(template)).toHaveLength(2);
    const ofOther = Template.fromStack(other);
    const [[placeholder, { Properties }], ...more] = Object.entries(ofOther.findResources('AWS::ApiGateway::Method'));
    expect(more).toEqual([]);
    expect(Properties).toMatchObject({
      HttpMethod: 'GET',
      Integration: { Type: 'MOCK', ContentHandling: 'CONVERT_TO_TEXT', RequestTemplates: { 'application/json': '{"statusCode": 404}' }, IntegrationResponses: [{ StatusCode: '404' }] },
      MethodResponses: [{ StatusCode: '404' }],
    });
    ofOther.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '_placeholder' });
    if (deploy) ofOther.hasResource('AWS::ApiGateway::Deployment', { DependsOn: Match.arrayWith([placeholder]) });
  });

  test('gets no such method if the user adds one later', () => {
    const stack = testStack();
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const api = emptyIn(other);
    new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ api, path: '/app' }) });
    api.root.addMethod('GET');
    expect(Object.values(Template.fromStack(other).findResources('AWS::ApiGateway::Method'))).toHaveLength(1);
  });

  test('and without a deployment of its own, an app of its stack deploys it', () => {
    const stack = testStack();
    const template = templateOf(() => ({ api: emptyIn(stack, { deploy: false }), path: '/app', stageName: 'prod' }), stack);
    template.resourceCountIs('AWS::ApiGateway::Method', 2);
    template.hasResourceProperties('AWS::ApiGateway::Deployment', { StageName: 'prod' });
  });
});

describe('if it is imported', () => {
  const imported = (stack: cdk.Stack) => apigateway.RestApi.fromRestApiAttributes(stack, 'Shared', { restApiId: 'abc123', rootResourceId: 'root' });

  test('is deployed again to the stage that the user names', () => {
    const template = templateOf(stack => ({ api: imported(stack), path: '/app', stageName: 'prod' }));
    template.hasResource('AWS::ApiGateway::Deployment', {
      Properties: { RestApiId: 'abc123', StageName: 'prod' },
      DeletionPolicy: 'Retain',
      DependsOn: Match.arrayWith(webMethods(template).map(([id]) => id)),
    });
    template.hasResourceProperties('AWS::ApiGateway::Resource', { RestApiId: 'abc123', ParentId: 'root', PathPart: 'app' });
    template.hasOutput('*', { Value: { 'Fn::Join': ['', ['https://abc123.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/prod/app']] } });
  });

  test('is deployed again only if the routes change', () => {
    const idOf = (options: RestApiOptions, props: Partial<WrappedWebAppProps> = {}) => Object.keys(
      templateOf(stack => ({ api: imported(stack), stageName: 'prod', ...options }), testStack(), props).findResources('AWS::ApiGateway::Deployment'))[0];
    const first = idOf({ path: '/app' });
    expect(idOf({ path: '/app' }, { memorySize: 512 })).toBe(first);
    const others = [
      idOf({ path: '/other' }),
      idOf({ path: '/app', integrationTimeout: cdk.Duration.seconds(10) }),
      idOf({ path: '/app', defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM } }),
      idOf({ path: '/app' }, { responseStreaming: true }),
      idOf({ path: '/app', defaultMethodOptions: { requestParameters: { 'method.request.header.x-key': true } } }),
      idOf({ path: '/app', defaultMethodOptions: { requestModels: { 'application/json': apigateway.Model.EMPTY_MODEL } } }),
    ];
    expect(new Set([first, ...others]).size).toBe(7);
  });

  test('two apps of one stack can share the first part of their paths', () => {
    const stack = testStack();
    const api = imported(stack);
    new WrappedWebApp(stack, 'Other', { entry: ENTRY, frontDoor: FrontDoor.restApi({ api, path: '/team/other', stageName: 'prod' }) });
    const template = templateOf(() => ({ api, path: '/team/app', stageName: 'prod' }), stack);
    expect(Object.values(template.findResources('AWS::ApiGateway::Resource')).map(({ Properties }) => Properties.PathPart).sort())
      .toEqual(['app', 'other', 'team', '{proxy+}', '{proxy+}']);
  });

  test('warns that its binary media types are not known', () => {
    const stack = testStack();
    templateOf(() => ({ api: imported(stack), path: '/app', stageName: 'prod' }), stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp(
      "api Stack/Shared must have '\\*/\\*' in its binaryMediaTypes, or binary bodies are broken; whether it has cannot be checked at synth"));
  });

  test('fails without stageName', () => {
    expect(() => templateOf(stack => ({ api: imported(stack), path: '/app' }))).toThrow(
      "Stack/Web/FrontDoor: new routes of api Stack/Shared are live only after a deployment to a stage, and its stage is not known; name the stage, e.g. stageName: 'prod'");
  });
});

test('fails if its binary media types do not include all types', () => {
  expect(() => templateOf(stack => ({ api: sharedIn(stack, { binaryMediaTypes: ['image/png'] }), path: '/app' }))).toThrow(
    "Stack/Web/FrontDoor: api Stack/Shared has binaryMediaTypes [\"image/png\"], so other binary bodies are broken; add '*/*' to them");
  expect(() => templateOf(stack => ({ api: sharedIn(stack, { binaryMediaTypes: undefined }), path: '/app' }))).toThrow('has binaryMediaTypes []');
});

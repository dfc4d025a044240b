import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { FrontDoor, RestApiOptions, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function make(options: RestApiOptions = {}, stack = testStack()): WrappedWebApp {
  return new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi(options) });
}

/** The integrations of the OPTIONS methods: their type, and their content handling. */
function preflightOf(web: WrappedWebApp): [string, string | undefined][] {
  const methods = Template.fromStack(cdk.Stack.of(web)).findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } });
  return Object.values(methods).map(({ Properties }) => [Properties.Integration.Type, Properties.Integration.ContentHandling]);
}

test('preflight requests go to the app', () => {
  expect(preflightOf(make())).toEqual([]);
});

test('with defaultCorsPreflightOptions API Gateway answers preflight requests, and converts them to text', () => {
  const web = make({ defaultCorsPreflightOptions: { allowOrigins: ['https://example.com'] } });
  web.restApi!.root.addResource('more');
  expect(preflightOf(web)).toEqual(Array(3).fill(['MOCK', 'CONVERT_TO_TEXT']));
});

test('on an existing API the preflight requests for the app are converted to text', () => {
  const stack = testStack();
  const api = new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'], cloudWatchRole: false, defaultCorsPreflightOptions: { allowOrigins: ['*'] } });
  const web = make({ api, path: '/app' }, stack);
  const template = Template.fromStack(stack);
  const preflightOfApp = Object.values(template.findResources('AWS::ApiGateway::Method'))
    .filter(({ Properties }) => Properties.HttpMethod === 'OPTIONS' && Properties.ResourceId.Ref !== undefined);
  expect(preflightOfApp.map(({ Properties }) => Properties.Integration.ContentHandling)).toEqual(['CONVERT_TO_TEXT', 'CONVERT_TO_TEXT']);
  expect(web.restApi).toBeUndefined();
});

test('an OPTIONS method that is not a mock does not change', () => {
  const web = make();
  web.restApi!.root.addResource('more').addMethod('OPTIONS', new apigateway.LambdaIntegration(web.handler));
  expect(preflightOf(web)).toEqual([['AWS_PROXY', undefined]]);
});

const CORS: apigateway.CorsOptions = { allowOrigins: ['https://example.com'] };
const GUARDED: [string, apigateway.MethodOptions][] = [
  ['IAM', { authorizationType: apigateway.AuthorizationType.IAM }],
  ['an authorizer', { authorizationType: apigateway.AuthorizationType.CUSTOM, authorizer: { authorizerId: 'abc123' } }],
  ['API keys', { apiKeyRequired: true }],
];

describe('preflight requests that need credentials', () => {
  const sharedIn = (stack: cdk.Stack, props: apigateway.RestApiProps = {}) =>
    new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'], cloudWatchRole: false, ...props });

  const warningsOf = (stack: cdk.Stack) =>
    Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('preflight')).map(({ id, entry }) => `${id}: ${entry.data}`);

  const WARNED = [
    '/Stack/Web/FrontDoor: browsers send CORS preflight requests without credentials, so API Gateway answers them with 401 or 403, and pages of other origins '
    + 'cannot call the app; set defaultCorsPreflightOptions, or acknowledge this warning if no such page calls it [ack: cdk-wrapped-web-app:refused-preflights]',
  ];

  test.each(GUARDED)('are warned of on a new API with %s', (_, defaultMethodOptions) => {
    expect(warningsOf(cdk.Stack.of(make({ defaultMethodOptions })))).toEqual(WARNED);
    expect(warningsOf(cdk.Stack.of(make({ defaultMethodOptions, defaultCorsPreflightOptions: CORS })))).toEqual([]);
    expect(warningsOf(cdk.Stack.of(make({ defaultCorsPreflightOptions: CORS })))).toEqual([]);
    expect(warningsOf(cdk.Stack.of(make()))).toEqual([]);
  });

  test.each(GUARDED)('are warned of on an existing API with %s', (_, defaultMethodOptions) => {
    const warningsWith = (ofApi: apigateway.RestApiProps, ofApp: RestApiOptions) => {
      const stack = testStack();
      make({ api: sharedIn(stack, ofApi), path: '/app', ...ofApp }, stack);
      return warningsOf(stack);
    };
    expect(warningsWith({ defaultMethodOptions }, {})).toEqual(WARNED);
    expect(warningsWith({}, { defaultMethodOptions })).toEqual(WARNED);
    expect(warningsWith({ defaultCorsPreflightOptions: CORS }, { defaultMethodOptions })).toEqual([]);
    expect(warningsWith({}, { defaultMethodOptions, defaultCorsPreflightOptions: CORS })).toEqual([]);
  });

  /** The OPTIONS methods by the construct path of their resource, and whether they are converted to text. */
  const preflightsIn = (stack: cdk.Stack) => Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }))
    .map(({ Metadata, Properties }) => `${Metadata['aws:cdk:path'].replace(/\/OPTIONS\/Resource$/, '')} ${Properties.AuthorizationType} ${Properties.Integration.ContentHandling}`);

  test('are answered on an imported API if the app has settings for them', () => {
    const stack = testStack({ 'aws:cdk:enable-path-metadata': true });
    const api = apigateway.RestApi.fromRestApiAttributes(stack, 'Shared', { restApiId: 'abc', rootResourceId: 'root' });
    make({ api, path: '/app', stageName: 'prod', defaultMethodOptions: GUARDED[0][1], defaultCorsPreflightOptions: CORS }, stack);
    expect(preflightsIn(stack)).toEqual(['Stack/Shared/Default/app NONE CONVERT_TO_TEXT', 'Stack/Web/FrontDoor/RestApiProxy NONE CONVERT_TO_TEXT']);
    const [deployment] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'));
    expect(deployment.DependsOn).toHaveLength(4);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('are answered with the settings of an API in another stack', () => {
    const stack = testStack({ 'aws:cdk:enable-path-metadata': true });
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const api = sharedIn(other, { defaultCorsPreflightOptions: CORS });
    api.root.addMethod('GET', new apigateway.MockIntegration());
    api.root.addResource('old');
    make({ api, path: '/old', defaultMethodOptions: GUARDED[0][1] }, stack);
    // `/old` has such a method in the other stack.
    expect(preflightsIn(stack)).toEqual(['Stack/Web/FrontDoor/RestApiProxy NONE CONVERT_TO_TEXT']);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('are answered at a resource that the API already has', () => {
    const stack = testStack({ 'aws:cdk:enable-path-metadata': true });
    const api = sharedIn(stack);
    api.root.addResource('old');
    make({ api, path: '/old', defaultMethodOptions: GUARDED[0][1], defaultCorsPreflightOptions: CORS }, stack);
    expect(preflightsIn(stack).sort()).toEqual(['Stack/Shared/Default/old NONE CONVERT_TO_TEXT', 'Stack/Web/FrontDoor/RestApiProxy NONE CONVERT_TO_TEXT']);
  });
});

import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
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

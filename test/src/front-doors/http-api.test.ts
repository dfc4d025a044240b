import { Match, Template } from 'aws-cdk-lib/assertions';
import { WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function make() {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'http-api' });
  return { stack, web, template: Template.fromStack(stack) };
}

test('sends every request to the function, in payload format 2.0', () => {
  const { template } = make();
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default', AuthorizationType: 'NONE' });
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
    IntegrationUri: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: '$default', AutoDeploy: true });
});

test('only this API is allowed to invoke the function', () => {
  const { template, stack, web } = make();
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
    SourceArn: { 'Fn::Join': ['', Match.arrayWith([stack.resolve(web.httpApi!.httpApiId)])] },
  });
  template.resourceCountIs('AWS::Lambda::Permission', 1);
});

test('returns its API and its URL', () => {
  const { web } = make();
  expect(web.httpApi?.url).toBe(web.url);
  expect([web.functionUrl, web.restApi, web.loadBalancer]).toEqual([undefined, undefined, undefined]);
});

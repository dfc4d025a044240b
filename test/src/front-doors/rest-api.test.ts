import { Match, Template } from 'aws-cdk-lib/assertions';
import { WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function make(context: Record<string, unknown> = {}) {
  const stack = testStack(context);
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'rest-api' });
  return { stack, web, template: Template.fromStack(stack) };
}

test('hands every path and method to the function', () => {
  const { template } = make();
  const integration = {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: { 'Fn::Join': ['', Match.arrayWith([{ 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] }])] },
  };
  const resources = [{ 'Fn::GetAtt': ['WebFrontDoorApiD952F9EC', 'RootResourceId'] }, { Ref: Object.keys(template.findResources('AWS::ApiGateway::Resource'))[0] }];
  template.resourceCountIs('AWS::ApiGateway::Method', 2);
  for (const ResourceId of resources) {
    template.hasResourceProperties('AWS::ApiGateway::Method', { ResourceId, HttpMethod: 'ANY', AuthorizationType: 'NONE', Integration: integration });
  }
  template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
});

test('is regional and passes binary bodies', () => {
  make().template.hasResourceProperties('AWS::ApiGateway::RestApi', {
    Name: 'Stack-Web-FrontDoor',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    BinaryMediaTypes: ['*/*'],
  });
});

test.each([true, false])('sets nothing for the whole account, whatever the flag says: %s', flag => {
  make({ '@aws-cdk/aws-apigateway:disableCloudWatchRole': flag }).template.resourceCountIs('AWS::ApiGateway::Account', 0);
});

test('may invoke the function, from this API alone', () => {
  const { template } = make();
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
    SourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: 'WebFrontDoorApiD952F9EC' }])] },
  });
  template.resourceCountIs('AWS::Lambda::Permission', 1);
});

test('is exposed', () => {
  const { web, stack } = make();
  expect(stack.resolve(web.restApi!.url)).toEqual(stack.resolve(web.url));
  expect([web.functionUrl, web.httpApi, web.loadBalancer]).toEqual([undefined, undefined, undefined]);
});

test('prints its address once', () => {
  expect(Object.keys(make().template.toJSON().Outputs)).toHaveLength(1);
});

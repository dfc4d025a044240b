import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function templateOf(props: Partial<WrappedWebAppProps> = {}): Template {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'function-url', ...props });
  return Template.fromStack(stack);
}

test('is open to everyone, with both permissions that this takes', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE', InvokeMode: 'BUFFERED' });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunctionUrl',
    Principal: '*',
    FunctionUrlAuthType: 'NONE',
    FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: '*',
    InvokedViaFunctionUrl: true,
    FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
  });
});

test('is closed with IAM when the user says so', () => {
  const template = templateOf({ frontDoor: FrontDoor.functionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM }) });
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  template.resourceCountIs('AWS::Lambda::Permission', 0);
});

test('is exposed', () => {
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
  expect(web.functionUrl?.url).toBe(web.url);
  expect([web.httpApi, web.restApi, web.loadBalancer, web.listener, web.targetGroup]).toEqual(Array(5).fill(undefined));
});

test('streams when the app does', () => {
  const template = templateOf({ responseStreaming: true });
  template.hasResourceProperties('AWS::Lambda::Url', { InvokeMode: 'RESPONSE_STREAM' });
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(JSON.parse(Properties.Environment.Variables.WRAPPED_WEB_APP_DOORS)).toEqual([{ door: 'function-url', responseMode: 'streaming' }]);
});

test('fails at synthesis when invokeMode contradicts the app', () => {
  expect(() => templateOf({ frontDoor: FrontDoor.functionUrl({ invokeMode: lambda.InvokeMode.RESPONSE_STREAM }) }))
    .toThrow('Stack/Web/FrontDoor: invokeMode RESPONSE_STREAM contradicts responseStreaming: false; drop invokeMode and set responseStreaming on the app');
});

test('leaves preflight requests to the app unless the user says otherwise', () => {
  templateOf().hasResourceProperties('AWS::Lambda::Url', { Cors: Match.absent() });
  const cors = { allowedOrigins: ['https://example.com'], allowCredentials: true };
  templateOf({ frontDoor: FrontDoor.functionUrl({ cors }) }).hasResourceProperties('AWS::Lambda::Url', {
    Cors: { AllowOrigins: ['https://example.com'], AllowCredentials: true },
  });
});

test('fails at synthesis with a domain, which it cannot have', () => {
  const options = { domain: { name: 'www.example.com' } } as lambda.FunctionUrlOptions;
  expect(() => templateOf({ frontDoor: FrontDoor.functionUrl(options) })).toThrow(
    'Stack/Web/FrontDoor: a Function URL cannot have a domain name of its own; use FrontDoor.httpApi, restApi or alb with the domain, or put CloudFront before the Function URL');
});

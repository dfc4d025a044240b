import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { doorsOf, ENTRY, testStack } from '../synthesis';

function templateOf(props: Partial<WrappedWebAppProps> = {}): Template {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'function-url', ...props });
  return Template.fromStack(stack);
}

test('everyone can call it, with both permissions that this needs', () => {
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

test('has no public permissions with IAM', () => {
  const template = templateOf({ frontDoor: FrontDoor.functionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM }) });
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  template.resourceCountIs('AWS::Lambda::Permission', 0);
});

test('returns its Function URL and its URL', () => {
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
  expect(web.functionUrl?.url).toBe(web.url);
  expect([web.httpApi, web.restApi, web.loadBalancer, web.listener, web.targetGroup]).toEqual(Array(5).fill(undefined));
});

test('streams if the app streams', () => {
  const template = templateOf({ responseStreaming: true });
  template.hasResourceProperties('AWS::Lambda::Url', { InvokeMode: 'RESPONSE_STREAM' });
  expect(doorsOf(template)).toEqual([{ door: 'function-url', responseMode: 'streaming' }]);
});

test('fails if invokeMode contradicts responseStreaming', () => {
  expect(() => templateOf({ frontDoor: FrontDoor.functionUrl({ invokeMode: lambda.InvokeMode.RESPONSE_STREAM }) }))
    .toThrow('Stack/Web/FrontDoor: invokeMode RESPONSE_STREAM contradicts responseStreaming: false; drop invokeMode and set responseStreaming on the app');
});

test('preflight requests go to the app, unless the user sets cors', () => {
  templateOf().hasResourceProperties('AWS::Lambda::Url', { Cors: Match.absent() });
  const cors = { allowedOrigins: ['https://example.com'], allowCredentials: true };
  templateOf({ frontDoor: FrontDoor.functionUrl({ cors }) }).hasResourceProperties('AWS::Lambda::Url', {
    Cors: { AllowOrigins: ['https://example.com'], AllowCredentials: true },
  });
});

test('fails with a domain', () => {
  const options = { domain: { name: 'www.example.com' } } as lambda.FunctionUrlOptions;
  expect(() => templateOf({ frontDoor: FrontDoor.functionUrl(options) })).toThrow(
    'Stack/Web/FrontDoor: a Function URL cannot have your own domain name; use FrontDoor.httpApi, restApi or alb with the domain, or put CloudFront in front of the Function URL');
});

test('fails if the function already has one', () => {
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
  expect(() => web.addFrontDoor('Other', 'function-url')).toThrow(
    'Stack/Web/Other: a function or an alias can have only one Function URL, and Stack/Web/Handler already has Stack/Web/Handler/FunctionUrl; use another front door');
});

test('fails if the function has one that the CDK made', () => {
  const handler = new lambda.Function(testStack(), 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {};'),
  });
  handler.addFunctionUrl();
  expect(() => FrontDoor.functionUrl().bind(new Construct(handler.stack, 'Door'), { handler })).toThrow(
    'Stack/Door: a function or an alias can have only one Function URL, and Stack/Function already has Stack/Function/FunctionUrl; use another front door');
});

import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { testStack } from './synthesis';
import { AppSource, RuntimeOptions, WrappedWebApp } from '../../src';

function variablesOf(options: RuntimeOptions): { [name: string]: unknown } {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: AppSource.prebuilt(lambda.Code.fromInline('x'), 'index.handler'), ...options });
  const [handler] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return handler.Properties.Environment.Variables;
}

test('what is not said is left to the runtime', () => {
  expect(variablesOf({})).not.toHaveProperty('WRAPPED_WEB_APP_OPTIONS');
});

test('all that is said is told to the runtime', () => {
  const options: Required<RuntimeOptions> = {
    binarySupport: true,
    nonBinaryContentTypePrefixes: ['text/'],
    onUncaughtException: 'exit',
    eventPath: '/events',
    trustForwardedHost: true,
    warmUp: '/health',
    backgroundWork: true,
  };
  expect(JSON.parse(variablesOf(options).WRAPPED_WEB_APP_OPTIONS as string)).toEqual(options);
});

test.each(['events', '', '/', '/a?b', '/a b'])('fails on the eventPath %j', (eventPath) => {
  expect(() => variablesOf({ eventPath })).toThrow(`Stack/Web: eventPath must be a path such as '/events', without a query, got ${JSON.stringify(eventPath)}`);
});

test.each(['/', '/health', '/caf%C3%A9/ready'])('takes the warmUp %j', (warmUp) => {
  expect(variablesOf({ warmUp }).WRAPPED_WEB_APP_OPTIONS).toBe(JSON.stringify({ warmUp }));
});

test.each(['health', '', '/a?b', '/a b', 'https://example.com/health'])('fails on the warmUp %j', (warmUp) => {
  expect(() => variablesOf({ warmUp })).toThrow(`Stack/Web: warmUp must be a path such as '/health', without a query, got ${JSON.stringify(warmUp)}`);
});

test('fails on another behavior after exceptions', () => {
  expect(() => variablesOf({ onUncaughtException: 'stop' as 'exit' })).toThrow("Stack/Web: onUncaughtException must be 'continue' or 'exit', got \"stop\"");
});

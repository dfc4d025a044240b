import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, functionOf, testStack } from '../synthesis';

function make(props: Partial<WrappedWebAppProps> = {}): Record<string, any> {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: AppSource.node(ENTRY), ...props });
  return functionOf(Template.fromStack(stack));
}

test('has the default runtime for Node', () => {
  expect(make().Runtime).toBe('nodejs24.x');
});

test('has the runtime of the user', () => {
  expect(make({ runtime: lambda.Runtime.NODEJS_20_X }).Runtime).toBe('nodejs20.x');
});

test('fails on a Python runtime', () => {
  expect(() => make({ runtime: lambda.Runtime.PYTHON_3_13 })).toThrow(
    `Stack/Web: ${ENTRY} is a Node app and cannot run on python3.13; choose a nodejs runtime or drop runtime`);
});

test.each([
  ['no variables', undefined, { NODE_ENV: 'production' }],
  ['another NODE_ENV', { NODE_ENV: 'staging' }, { NODE_ENV: 'staging' }],
  ['NODE_OPTIONS', { NODE_OPTIONS: '--max-http-header-size=32768' }, { NODE_ENV: 'production', NODE_OPTIONS: '--max-http-header-size=32768' }],
  ['other variables', { TABLE: 'orders' }, { NODE_ENV: 'production', TABLE: 'orders' }],
])('its environment if the user sets %s', (_, environment, expected) => {
  const properties = make({ environment: environment as { [name: string]: string } | undefined });
  expect(properties.Environment.Variables).toEqual({ WRAPPED_WEB_APP_DOORS: expect.any(String), ...expected });
});

import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { Project } from '../bundling/project';
import { functionOf, testStack } from '../synthesis';

const { NODEJS_22_X, PROVIDED_AL2023, PYTHON_3_13, RUBY_3_3 } = lambda.Runtime;

function stackWith(props: Partial<WrappedWebAppProps> = {}): cdk.Stack {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: AppSource.prebuilt(lambda.Code.fromInline('the code'), 'index.main'), ...props });
  return stack;
}

function make(props: Partial<WrappedWebAppProps> = {}): Record<string, any> {
  return functionOf(Template.fromStack(stackWith(props)));
}

test('is uploaded without changes, with its own handler', () => {
  expect(make()).toMatchObject({ Code: { ZipFile: 'the code' }, Handler: 'index.main', Runtime: 'nodejs24.x' });
});

test('on a Node runtime it has the environment of a Node app', () => {
  const environment = { NODE_OPTIONS: '--trace-warnings' };
  expect(make({ runtime: NODEJS_22_X, environment }).Environment.Variables)
    .toMatchObject({ NODE_ENV: 'production', NODE_OPTIONS: '--trace-warnings --enable-source-maps' });
});

test.each([PYTHON_3_13, RUBY_3_3, PROVIDED_AL2023])('on $name it has no environment variables of its own', runtime => {
  const code = lambda.Code.fromAsset(new Project({ 'index.any': '' }).root);
  expect(Object.keys(make({ runtime, entry: AppSource.prebuilt(code, 'index.main') }).Environment.Variables)).toEqual(['WRAPPED_WEB_APP_DOORS']);
});

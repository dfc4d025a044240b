import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { Project } from '../bundling/project';
import { functionOf, testStack } from '../synthesis';

const { JAVA_21, NODEJS_22_X, PROVIDED_AL2023, PYTHON_3_13, RUBY_3_3 } = lambda.Runtime;
const WRAPPER = { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapped_web_app_runtime/stream-responses.sh' };

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
    .toMatchObject({ NODE_ENV: 'production', NODE_OPTIONS: '--trace-warnings' });
});

test.each([PYTHON_3_13, RUBY_3_3, PROVIDED_AL2023])('on $name it has no environment variables of its own', runtime => {
  const code = lambda.Code.fromAsset(new Project({ 'index.any': '' }).root);
  expect(Object.keys(make({ runtime, entry: AppSource.prebuilt(code, 'index.main') }).Environment.Variables)).toEqual(['WRAPPED_WEB_APP_DOORS']);
});

describe('streaming on a Python runtime', () => {
  const streaming = { runtime: PYTHON_3_13, responseStreaming: true };

  test.each([undefined, {}, { TABLE: 'orders' }, { AWS_LAMBDA_EXEC_WRAPPER: '' }])('fails if the environment is %j, because nothing starts the runtime loop', environment => {
    expect(() => make({ ...streaming, environment: environment as { [name: string]: string } | undefined })).toThrow(
      'Stack/Web: a prebuilt Python app can have responseStreaming only if environment sets AWS_LAMBDA_EXEC_WRAPPER to the script stream-responses.sh of the runtime package in its code, '
      + 'e.g. to /var/task/wrapped_web_app_runtime/stream-responses.sh; set it, use AppSource.python, or drop responseStreaming');
  });

  test('works if the environment names the script that starts the runtime loop', () => {
    const properties = make({ ...streaming, environment: WRAPPER });
    expect(properties.Environment.Variables).toMatchObject(WRAPPER);
    expect(JSON.parse(properties.Environment.Variables.WRAPPED_WEB_APP_DOORS)).toEqual([{ door: 'function-url', responseMode: 'streaming' }]);
  });

  test('fails with SnapStart', () => {
    expect(() => make({ ...streaming, environment: WRAPPER, aliasName: 'live', snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS })).toThrow(
      'Stack/Web: a Python app cannot have both responseStreaming and snapStart');
  });
});

test.each([undefined, { NODE_ENV: 'test' }])('streaming on a Node runtime needs no wrapper, with the environment %j', environment => {
  const { Variables } = make({ runtime: NODEJS_22_X, responseStreaming: true, environment }).Environment;
  expect(Variables).not.toHaveProperty('AWS_LAMBDA_EXEC_WRAPPER');
});

describe('on the runtime of another language', () => {
  const warningsOf = (props: Partial<WrappedWebAppProps>) => {
    const entry = AppSource.prebuilt(lambda.Code.fromAsset(new Project({ 'index.any': '' }).root), 'index.main');
    return Annotations.fromStack(stackWith({ entry, ...props })).findWarning('/Stack/Web', Match.anyValue()).map(({ entry: { data } }) => String(data));
  };

  test.each([RUBY_3_3, JAVA_21])('warns that this library has no runtime for $name', runtime => {
    expect(warningsOf({ runtime })).toEqual([expect.stringContaining(
      `this library has runtimes for Node and Python only: on ${runtime.name} the handler itself must read the events of the front door and return buffered responses in its format`)]);
    expect(warningsOf({ runtime, responseStreaming: true })).toEqual([expect.stringContaining('return streamed responses in its format')]);
  });

  test.each([NODEJS_22_X, PYTHON_3_13, PROVIDED_AL2023, new lambda.Runtime('python3.99')])('does not warn about $name', runtime => {
    expect(warningsOf({ runtime })).toEqual([]);
  });
});

describe('a handler in a Python file', () => {
  const entryOf = (files: { [file: string]: string }, handler: string) => AppSource.prebuilt(lambda.Code.fromAsset(new Project(files).root), handler);

  test.each([
    ['app.handler', 'app.py'],
    ['web/app.handler', 'web/app.py'],
    ['web.app.handler', 'web/app.py'],
    ['web.handler', 'web/__init__.py'],
  ])('%s fails without a runtime, which would be Node', (handler, file) => {
    const entry = entryOf({ [file]: '' }, handler);
    expect(() => make({ entry })).toThrow(
      `Stack/Web: the handler ${handler} is in a Python file and cannot run on nodejs24.x, the default; set runtime to a python runtime, e.g. AppSource.PYTHON_RUNTIME`);
    expect(() => make({ entry, runtime: NODEJS_22_X })).toThrow(
      `Stack/Web: the handler ${handler} is in a Python file and cannot run on nodejs22.x; set runtime to a python runtime`);
    expect(make({ entry, runtime: PYTHON_3_13 }).Runtime).toBe('python3.13');
  });

  test.each([
    ['app.handler', { 'app.js': '', 'app.py': '' }],
    ['web/app.handler', { 'web/app.mjs': '', 'web/app.py': '' }],
    ['app.main.handler', { 'app.cjs': '', 'app/main.py': '' }],
    ['app.handler', { 'other.py': '' }],
  ])('%s is accepted for Node with the files %j', (handler, files) => {
    expect(make({ entry: entryOf(files as unknown as { [file: string]: string }, handler) }).Runtime).toBe('nodejs24.x');
  });

  test('is not known if the code is not a folder', () => {
    const entry = AppSource.prebuilt(lambda.Code.fromInline('def main(event, context): pass'), 'index.main');
    expect(make({ entry }).Runtime).toBe('nodejs24.x');
  });
});

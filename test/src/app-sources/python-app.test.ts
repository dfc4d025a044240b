import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { Project } from '../bundling/project';
import { functionOf, testStack } from '../synthesis';

const ENTRY = new Project({ 'main.py': 'app = None' }).path('main.py');

function make(props: Partial<WrappedWebAppProps> = {}): Record<string, any> {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: AppSource.python(ENTRY), ...props });
  return functionOf(Template.fromStack(stack));
}

test('has the default runtime for Python', () => {
  expect(make().Runtime).toBe('python3.13');
});

test('fails on a Node runtime', () => {
  expect(() => make({ runtime: lambda.Runtime.NODEJS_22_X })).toThrow(
    `Stack/Web: ${ENTRY} is a Python app and cannot run on nodejs22.x; choose a python runtime or drop runtime`);
});

test('without streaming it has no environment variables of its own, and keeps a wrapper of the user', () => {
  expect(Object.keys(make().Environment.Variables)).toEqual(['WRAPPED_WEB_APP_DOORS']);
  const environment = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' };
  expect(make({ environment }).Environment.Variables).toMatchObject(environment);
});

describe('backgroundWork', () => {
  test('starts the runtime loop, with buffered responses', () => {
    const { Variables } = make({ backgroundWork: true, frontDoor: 'http-api' }).Environment;
    expect(Variables).toMatchObject({
      AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapped_web_app_runtime/stream-responses.sh',
      WRAPPED_WEB_APP_DOORS: '[{"door":"http-api","responseMode":"buffered"}]',
    });
  });

  test('fails with a wrapper of the user, and with SnapStart', () => {
    expect(() => make({ backgroundWork: true, environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' } })).toThrow(
      'Stack/Web: with backgroundWork a Python app needs AWS_LAMBDA_EXEC_WRAPPER for itself, but environment sets it to "/opt/otel-instrument"; drop one of them');
    expect(() => make({ backgroundWork: true, aliasName: 'live', snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS })).toThrow(
      'Stack/Web: a Python app cannot have both backgroundWork and snapStart');
  });
});

describe('responseStreaming', () => {
  test('starts the runtime loop that streams', () => {
    expect(make({ responseStreaming: true }).Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER).toBe('/var/task/wrapped_web_app_runtime/stream-responses.sh');
  });

  test('fails with a wrapper of the user', () => {
    expect(() => make({ responseStreaming: true, environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' } })).toThrow(
      'Stack/Web: with responseStreaming a Python app needs AWS_LAMBDA_EXEC_WRAPPER for itself, but environment sets it to "/opt/otel-instrument"; drop one of them');
  });

  test('fails with SnapStart', () => {
    expect(() => make({ responseStreaming: true, aliasName: 'live', snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS })).toThrow(
      'Stack/Web: a Python app cannot have both responseStreaming and snapStart, because the runtime loop that does it cannot be restored from a snapshot; drop one of them');
  });

  test('fails with a front door that cannot stream', () => {
    expect(() => make({ responseStreaming: true, frontDoor: 'alb' })).toThrow("frontDoor 'alb' cannot stream responses");
  });
});

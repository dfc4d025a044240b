import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { Project } from '../bundling/project';
import { functionOf, testStack } from '../synthesis';

const project = new Project({ 'build/server.js': '' });

function make(props: Partial<WrappedWebAppProps> = {}): Record<string, any> {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: AppSource.server(project.path('build'), { entry: 'server.js' }), ...props });
  return functionOf(Template.fromStack(stack));
}

test('runs on the default runtime for Node, or the one of the user', () => {
  expect(make().Runtime).toBe('nodejs24.x');
  expect(make({ runtime: lambda.Runtime.NODEJS_22_X }).Runtime).toBe('nodejs22.x');
  expect(() => make({ runtime: lambda.Runtime.PYTHON_3_13 })).toThrow(/^Stack\/Web: the server in .*build is a Node server and cannot run on python3\.13/);
});

test('has what servers read from their environment, unless the user sets it', () => {
  const doors = { WRAPPED_WEB_APP_DOORS: expect.any(String) };
  expect(make().Environment.Variables).toEqual({ ...doors, NODE_ENV: 'production', PORT: '3000', HOST: '0.0.0.0' });
  expect(make({ environment: { PORT: '80', ORIGIN: 'https://example.com' } }).Environment.Variables).toEqual(
    { ...doors, NODE_ENV: 'production', PORT: '80', HOST: '0.0.0.0', ORIGIN: 'https://example.com' });
});

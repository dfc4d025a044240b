import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { FrontDoor, WrappedWebApp } from '../../../src';
import { doorsOf, ENTRY, testStack } from '../synthesis';

function templateOf(pathIn: (stack: cdk.Stack) => string): Template {
  const stack = testStack();
  const frontDoor = FrontDoor.httpApi({ api: new apigwv2.HttpApi(stack, 'Shared'), path: pathIn(stack) });
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor });
  return Template.fromStack(stack);
}

test.each([
  ['/app', { mountPrefix: '/app' }],
  ['/a/b.c_d~e-f', { mountPrefix: '/a/b.c_d~e-f' }],
  ['/', {}],
])('the runtime gets the path %s as %j', (path, expected) => {
  expect(doorsOf(templateOf(() => path))).toEqual([{ door: 'http-api', responseMode: 'buffered', ...expected }]);
});

test.each(['app', '/app/', '/app/{id}', '/app/*', ''])('fails if the path is %j', path => {
  expect(() => templateOf(() => path)).toThrow(
    `Stack/Web/FrontDoor: path must start with a slash, end without one and contain only letters, digits, '.', '_', '~' and '-', e.g. '/app', got ${JSON.stringify(path)}`);
});

test('fails if the path is a token', () => {
  expect(() => templateOf(stack => new cdk.CfnParameter(stack, 'Path').valueAsString)).toThrow(
    'Stack/Web/FrontDoor: path must be known at synth, because it is written into the environment of the function, got a token; give a literal');
});

import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function warningsOf(props: Partial<WrappedWebAppProps>): string[] {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...props });
  return Annotations.fromStack(stack).findWarning('/Stack/Web', Match.anyValue()).map(({ entry }) => String(entry.data));
}

test.each([
  ['http-api', 30],
  ['rest-api', 29],
  ['alb', 60],
] as const)('warns about a function that may run longer than %s waits', (frontDoor, seconds) => {
  expect(warningsOf({ frontDoor, timeout: cdk.Duration.seconds(seconds) })).toEqual([]);
  expect(warningsOf({ frontDoor, timeout: cdk.Duration.seconds(seconds + 1) })).toEqual([expect.stringContaining(
    `the function may run for ${seconds + 1} s, but its front door '${frontDoor}' waits only ${seconds} s: a slow request is answered with an error`)]);
});

test('does not warn if the front door waits longer', () => {
  const timeout = cdk.Duration.seconds(90);
  expect(warningsOf({ timeout, frontDoor: FrontDoor.alb({ idleTimeout: timeout }) })).toEqual([]);
  expect(warningsOf({ timeout, frontDoor: FrontDoor.restApi({ integrationTimeout: timeout }) })).toEqual([]);
  expect(warningsOf({ timeout, frontDoor: 'rest-api', responseStreaming: true })).toEqual([]);
  expect(warningsOf({ timeout, frontDoor: 'function-url' })).toEqual([]);
});

test('warns about too little memory for the largest body', () => {
  expect(warningsOf({ memorySize: 128, frontDoor: 'function-url' })).toEqual([expect.stringContaining(
    "front door 'function-url' accepts bodies of 6 MB, for which 128 MB of memory is not enough; set memorySize to at least 256")]);
  expect(warningsOf({ memorySize: 256, frontDoor: 'function-url' })).toEqual([]);
  expect(warningsOf({ memorySize: 128, frontDoor: 'alb' })).toEqual([]);
});

test('does not warn about values that are tokens', () => {
  const stack = testStack();
  const memorySize = new cdk.CfnParameter(stack, 'Memory', { type: 'Number' }).valueAsNumber;
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, memorySize, frontDoor: 'http-api' });
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
});

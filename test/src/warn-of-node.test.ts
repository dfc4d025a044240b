import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ENTRY, testStack } from './synthesis';
import { WrappedWebApp } from '../../src';

const { versions } = process;

function warningsOn(node: string): string[] {
  Object.defineProperty(process, 'versions', { value: { ...versions, node }, configurable: true });
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: ENTRY });
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('Node\\.js')).map(({ id, entry }) => `${id}: ${entry.data}`);
}

afterEach(() => {
  Object.defineProperty(process, 'versions', { value: versions, configurable: true });
});

test.each(['18.20.8', '20.0.0', '16.20.2'])('warns on Node %s', (node) => {
  expect(warningsOn(node)).toEqual([
    `/Stack/Web: the CDK runs on Node.js ${node}, but this library needs 20.1 or later: a bundle may lack files; update Node.js on this machine [ack: cdk-wrapped-web-app:node]`,
  ]);
});

test.each(['20.1.0', '22.0.0', '24.14.1'])('says nothing on Node %s', (node) => {
  expect(warningsOn(node)).toEqual([]);
});

test('the lowest version is the one that npm is told', () => {
  const { engines } = JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8'));
  expect(engines.node).toBe('>= 20.1.0');
});

import { readdirSync } from 'node:fs';
import * as cdk from 'aws-cdk-lib';
import { AppSource, WrappedWebApp } from '../../../../src';
import { Project, say } from '../project';

describe('the handler', () => {
  test('has the path of the entry', () => {
    expect(new Project({ 'package.json': {}, 'src/web/app.ts': '' }).bundle('src/web/app.ts').handler).toBe('src/web/app.handler');
  });

  test('has no dot in its file name, because Lambda takes the rest as the name of the handler', () => {
    const bundle = new Project({ 'package.json': {}, 'src/app.server.ts': say('1') }).bundle('src/app.server.ts');
    expect(bundle.handler).toBe('src/app-server.handler');
    expect(bundle.load('src/app-server.cjs')).toBe(1);
  });

  test('serves the export that the entry names', () => {
    const listener = (text: string) => `(_: unknown, res: { end(text: string): void }) => res.end('${text}')`;
    const source = `export const server = ${listener('the server')}; export default ${listener('the default')};`;
    const project = new Project({ 'package.json': {}, 'src/app.ts': source });
    expect(project.bundle('src/app.ts:server').handler).toBe('src/app.handler');
    expect(project.bundle('src/app.ts:server').get('src/app.cjs', '/')).toMatchObject({ statusCode: 200, body: 'the server' });
    expect(project.bundle('src/app.ts').get('src/app.cjs', '/')).toMatchObject({ statusCode: 200, body: 'the default' });
  });
});

test('fails if the format is neither cjs nor esm', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '' });
  expect(() => project.bundle('app.ts', { format: 'iife' })).toThrow('Stack/Web: format must be \'cjs\' or \'esm\', got "iife"');
});

test('nothing is built if the CDK skips bundling', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': 'a syntax error' });
  const app = new cdk.App({ context: { 'aws:cdk:bundling-stacks': ['Other'] } });
  const stack = new cdk.Stack(app, 'Stack');
  new WrappedWebApp(stack, 'Web', { entry: AppSource.node(project.path('app.ts')) });
  const { directory } = app.synth();
  expect(readdirSync(directory).filter(name => name.startsWith('asset') || name.startsWith('bundling'))).toEqual([]);
});

import '../src/synthesis';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AppSource, WrappedWebApp } from '../../src';
import { Project } from '../src/bundling/project';

/** The stack that the page's example tests. */
class WebStack extends cdk.Stack {
  constructor(scope: cdk.App, id: string) {
    super(scope, id);
    new WrappedWebApp(this, 'Web', { entry: path.join(__dirname, '../../integ/app/src/app.ts'), frontDoor: 'http-api' });
  }
}

// example
test('the stack is the one that was reviewed', () => {
  const app = new cdk.App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new WebStack(app, 'Web');
  expect(Template.fromStack(stack).toJSON()).toMatchSnapshot();
});
// end of the example

test('the page shows this very example', () => {
  const page = readFileSync(path.join(__dirname, '../../docs/snapshot-tests.md'), 'utf8');
  const [, example] = /\n\/\/ example\n([^]*?)\/\/ end of the example/.exec(readFileSync(__filename, 'utf8'))!;
  expect(page).toContain(example);
});

test('the template is the same wherever the project lies', () => {
  const templates = [1, 2].map(() => {
    const project = new Project({ 'package.json': {}, 'src/app.ts': 'not even code', 'public/a.txt': 'a', 'tsconfig.json': '{}', 'shim.js': '' });
    const app = new cdk.App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new cdk.Stack(app, 'Stack');
    new WrappedWebApp(stack, 'Web', {
      aliasName: 'live',
      entry: AppSource.node(project.path('src/app.ts'), { assets: ['public'], tsconfig: project.path('tsconfig.json'), inject: [project.path('shim.js')] }),
    });
    return Template.fromStack(stack).toJSON();
  });
  expect(templates[1]).toEqual(templates[0]);
});

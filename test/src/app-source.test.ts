import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { ENTRY, scratchFolder, testStack } from './synthesis';
import { AppSource, WrappedWebApp } from '../../src';
import { Project } from './bundling/project';

function templateOf(entry: string | AppSource): Template {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry });
  return Template.fromStack(stack);
}

test('a file name with the extension .js is a Node app', () => {
  templateOf(ENTRY).hasResourceProperties('AWS::Lambda::Function', { Runtime: AppSource.NODE_RUNTIME.name, Handler: 'app.handler' });
});

test('a file name with the extension .py is a Python app', () => {
  const project = new Project({ 'main.py': 'app = None' });
  templateOf(project.path('main.py')).hasResourceProperties('AWS::Lambda::Function', {
    Runtime: AppSource.PYTHON_RUNTIME.name,
    Handler: 'wrapped_web_app_entry.handler',
  });
});

test('fails for a file with another extension', () => {
  expect(() => templateOf('src/app.rb')).toThrow(
    'Stack/Web: entry must be a file that ends in .ts, .tsx, .mts, .cts, .js, .mjs, .cjs or .py, or an AppSource, got "src/app.rb"');
});

test.each([undefined, null, ''])('fails if entry is %p, as JavaScript and other languages allow', entry => {
  expect(() => templateOf(entry as unknown as string)).toThrow(
    `Stack/Web: entry is required; give the file of the app, e.g. entry: 'src/app.ts', or an AppSource, got ${JSON.stringify(entry)}`);
});

test('fails if there are no props', () => {
  expect(() => new (WrappedWebApp as any)(testStack(), 'Web')).toThrow('Stack/Web: entry is required');
});

test('fails if entry is neither a text nor an AppSource', () => {
  expect(() => templateOf({ file: 'src/app.ts' } as unknown as string)).toThrow('or an AppSource, got {"file":"src/app.ts"}');
});

test('fails if entry is a directory', () => {
  const folder = scratchFolder();
  expect(() => templateOf(folder)).toThrow(
    `Stack/Web: entry ${folder} is a directory; give the file of the app in it, e.g. entry: "${join(folder, 'app.ts')}"`);
});

test('fails if entry is below a file', () => {
  const entry = join(__filename, 'app');
  expect(() => templateOf(entry)).toThrow(`Stack/Web: entry must be a file that ends in .ts, .tsx, .mts, .cts, .js, .mjs, .cjs or .py, or an AppSource, got "${entry}"`);
});

test.each(['app.ts', 'app.py'])('fails if entry is a directory with the name %s', name => {
  const folder = join(scratchFolder(), name);
  mkdirSync(folder);
  expect(() => templateOf(folder)).toThrow(`Stack/Web: entry ${folder} is a directory; give the file of the app in it`);
});

import { Template } from 'aws-cdk-lib/assertions';
import { ENTRY, testStack } from './synthesis';
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

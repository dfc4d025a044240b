import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ENTRY, testStack } from './synthesis';
import { AppSource, WrappedWebApp } from '../../src';

function make(entry: string | AppSource, runtime?: lambda.Runtime): cdk.Stack {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry, runtime });
  return stack;
}

test('a file name is a Node app', () => {
  Template.fromStack(make(ENTRY)).hasResourceProperties('AWS::Lambda::Function', { Runtime: AppSource.NODE_RUNTIME.name });
});

test('a Node app has the runtime that the user chose', () => {
  Template.fromStack(make(AppSource.node(ENTRY), lambda.Runtime.NODEJS_20_X)).hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs20.x' });
});

test('prebuilt code is uploaded as it is, with its own handler', () => {
  const code = lambda.Code.fromInline('exports.main = async () => ({ statusCode: 204 });');
  Template.fromStack(make(AppSource.prebuilt(code, 'index.main'))).hasResourceProperties('AWS::Lambda::Function', {
    Code: { ZipFile: 'exports.main = async () => ({ statusCode: 204 });' },
    Handler: 'index.main',
    Runtime: 'nodejs24.x',
  });
});

test('prebuilt code for another language gets none of the settings of Node', () => {
  const code = lambda.Code.fromInline('def main(event, context): return {"statusCode": 204}');
  const template = Template.fromStack(make(AppSource.prebuilt(code, 'index.main'), lambda.Runtime.PYTHON_3_13));
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(Object.keys(Properties.Environment.Variables)).toEqual(['WRAPPED_WEB_APP_DOORS']);
});

describe('fails at synthesis', () => {
  test('when the file is of no language that there is', () => {
    expect(() => make('src/app.rb')).toThrow(
      'Stack/Web: entry must be a file that ends in .ts, .tsx, .mts, .cts, .js, .mjs, .cjs or .py, or an AppSource, got "src/app.rb"');
  });

  test('when the file does not exist, with the place where it was looked for', () => {
    expect(() => make('no/such/app.ts')).toThrow(
      `Stack/Web: entry no/such/app.ts does not exist; it is looked up from the working directory, as ${process.cwd()}/no/such/app.ts`);
  });

  test('when a Node app is to run on Python', () => {
    expect(() => make(ENTRY, lambda.Runtime.PYTHON_3_13)).toThrow(
      `Stack/Web: ${ENTRY} is a Node app and cannot run on python3.13; choose a nodejs runtime or drop runtime`);
  });

  test('when the format is no module format', () => {
    expect(() => make(AppSource.node(ENTRY, { format: 'iife' }))).toThrow('Stack/Web: format must be \'cjs\' or \'esm\', got "iife"');
  });
});

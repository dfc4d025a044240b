import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { APP, bundle, WSGI } from './python-project';
import { AppSource, PythonAppOptions, WrappedWebApp } from '../../../../src';
import { scratchFolder } from '../../synthesis';
import { Project } from '../project';

/** The warnings about imports. */
function missing(files: { [file: string]: string }, entry = 'main.py', options: PythonAppOptions = {}, runtime = lambda.Runtime.PYTHON_3_13): string {
  const stack = new cdk.Stack(new cdk.App({ outdir: scratchFolder() }), 'Stack');
  new WrappedWebApp(stack, 'Web', { entry: AppSource.python(new Project(files).path(entry), options), runtime });
  return Annotations.fromStack(stack).findWarning('/Stack/Web', Match.stringLikeRegexp('not in the bundle')).map(({ entry: { data } }) => String(data)).join();
}

test('fails for a syntax error, with file and line', () => {
  const project = new Project({ 'main.py': APP, 'shop/__init__.py': '', 'shop/old.py': 'x = 1\nprint "two"\n' });
  expect(() => bundle(project, 'main.py')).toThrow(new RegExp(`Stack/Web: a file is not valid Python 3\\.13: ${project.root}/shop/old\\.py:2: .*exclude`));
});

test('files that no module can import may have syntax errors', () => {
  const made = bundle(new Project({ 'main.py': APP, '{{name}}/main.py': '{{', 'old-script.py': 'print "two"' }), 'main.py');
  expect(made.files).toContain('old-script.py');
});

test('a module that nothing gives is a warning with file and line', () => {
  const text = missing({
    'main.py': `import os, celery\nimport shop.views\n${APP}`,
    'shop/__init__.py': '',
    'shop/views.py': 'from . import models\nfrom redis.client import Redis\n',
    'shop/models.py': 'import boto3\nimport json.decoder\n',
  });
  expect(text).toContain('not in the bundle, and not in Python 3.13: main.py:1 imports celery; shop/views.py:2 imports redis; add the package');
});

test('imports in if, try and functions, and modules that the app does not lead to, are no warnings', () => {
  expect(missing({
    'main.py': `from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\ntry:\n    import b\nexcept ImportError:\n    b = None\ndef f():\n    import c\n${APP}`,
    'tasks.py': 'import invoke\n',
  })).toBe('');
});

test('modules that are named in strings are read, as those of Django', () => {
  expect(missing({ 'main.py': `import settings\n${APP}`, 'settings.py': 'INSTALLED_APPS = ["polls"]\n', 'polls/__init__.py': '', 'polls/models.py': 'import nowhere\n' }))
    .toContain('polls/models.py:1 imports nowhere');
});

test('a module that left the standard library is named, where it did', () => {
  const files = { 'main.py': `import cgi\n${APP}` };
  expect(missing(files)).toContain('main.py:1 imports cgi, which Python 3.13 removed');
  expect(missing(files, 'main.py', {}, lambda.Runtime.PYTHON_3_12)).toBe('');
});

test('packages and files of the root give modules', () => {
  expect(missing({ 'main.py': `import markupsafe\nimport local\nimport folder.x\n${WSGI}MESSAGE = b""`, 'local.py': '', 'folder/x.py': '', 'requirements.txt': 'markupsafe==3.0.3' })).toBe('');
});

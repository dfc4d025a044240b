/** @slow runs a package index, and builds packages with uv */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { PackageIndex, runTool, withVariables } from './package-index';
import { answer, bundle, WSGI } from './python-project';
import { AppSource, PythonAppOptions, WrappedWebApp } from '../../../../src';
import { scratchFolder } from '../../synthesis';
import { Project } from '../project';

let index: PackageIndex;
beforeAll(async () => {
  index = await PackageIndex.start();
  index.add('private', 'sdist', 'fromsource', '1.0', 'MESSAGE = b"built"');
  index.add('private', 'sdist', 'native', '1.0', 'MESSAGE = b"compiled"', 'cp313-cp313-linux_x86_64');
});
afterAll(() => index.stop());

const CREDENTIALS = { UV_INDEX_PRIVATE_USERNAME: 'user', UV_INDEX_PRIVATE_PASSWORD: 'open-sesame', AWS_SECRET_ACCESS_KEY: 'secret', AWS_PROFILE: 'x', NPM_TOKEN: 'secret' };
beforeEach(() => withVariables({ UV_CACHE_DIR: scratchFolder(), ...CREDENTIALS, KEPT: 'by the build' }));

function projectWith(name: string): Project {
  const project = new Project({
    'main.py': `from ${name} import MESSAGE\n${WSGI}`,
    'pyproject.toml': `[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["${name}"]\n`
      + `[[tool.uv.index]]\nname = "private"\nurl = "${index.simple('private')}"\ndefault = true\n`,
  });
  runTool(project.root, 'uv', ['lock', '-q']);
  return project;
}

test('a package without a wheel is built, without credentials and with an empty home folder', () => {
  const made = bundle(projectWith('fromsource'), 'main.py');
  expect(answer(made)).toBe('built');
  const module = readFileSync(path.join(made.directory, 'fromsource.py'), 'utf8');
  expect(module).toContain("'KEPT': 'by the build'");
  expect(module).toContain("'ENTRIES_OF_HOME': '[]'");
  expect(module).not.toMatch(/secret|open-sesame|AWS_|UV_INDEX|PYTHONPATH/);
});

test('a package that was built is named', () => {
  const stack = new cdk.Stack(new cdk.App({ outdir: scratchFolder() }), 'Stack');
  new WrappedWebApp(stack, 'Web', { entry: projectWith('fromsource').path('main.py') });
  Annotations.fromStack(stack).hasInfo('/Stack/Web', Match.stringLikeRegexp('built from source, because there is no wheel: fromsource==1\\.0; onlyWheels: true forbids it'));
});

test.each<[string, PythonAppOptions, RegExp]>([
  ['fromsource', { onlyWheels: true }, /Stack\/Web: fromsource \(needed by shop\) has no wheel for Python 3\.13 on Lambda \(manylinux_2_28, x86_64\), and onlyWheels forbids building it/],
  ['native', {}, /Stack\/Web: native \(needed by shop\) has no wheel for Python 3\.13 on Lambda .*, and its source is compiled code.*; use a version that has one.*AppSource\.prebuilt/],
])('fails for %s with %j, with what needs it and the ways out', (name, options, message) => {
  const project = projectWith(name);
  expect(() => bundle(project, 'main.py', options)).toThrow(message);
});

test('fails for compiled code for another machine', () => {
  const project = projectWith('native');
  const stack = new cdk.Stack(new cdk.App({ outdir: scratchFolder() }), 'Stack');
  const make = () => new WrappedWebApp(stack, 'Web', { entry: AppSource.python(project.path('main.py')), architecture: cdk.aws_lambda.Architecture.ARM_64 });
  expect(make).toThrow(/Stack\/Web: native \(needed by shop\) has no wheel for Python 3\.13 on Lambda \(manylinux_2_28, arm64\), and its source is compiled code/);
});

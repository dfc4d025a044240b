import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { answer, APP, bundle, runtimeOfTests, withoutUv } from './python-project';
import { platformTagOf } from '../../../../src/bundling/python/python-target';
import { Project } from '../project';

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n    return "flask"\n';

test('packages are installed from requirements.txt with uv', () => {
  expect(answer(bundle(new Project({ 'main.py': FLASK, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { runtime: runtimeOfTests() }))).toBe('flask');
});

test('packages are installed from requirements.txt with pip if uv is not installed', () => {
  withoutUv();
  const made = bundle(new Project({ 'main.py': FLASK, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { runtime: runtimeOfTests() });
  expect(answer(made)).toBe('flask');
  expect(made.files.filter(file => /^bin|__pycache__|direct_url\.json|REQUESTED$/.test(file))).toEqual([]);
});

test('packages are installed from uv.lock, without the development dependencies', () => {
  const project = new Project({
    'src/shop/__init__.py': '',
    'src/shop/main.py': FLASK,
    'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["flask==3.1.3"]\n[dependency-groups]\ndev = ["bottle==0.13.4"]\n',
  });
  spawnSync('uv', ['lock', '--quiet'], { cwd: project.root, env: process.env });
  const made = bundle(project, 'src/shop/main.py', {}, { runtime: runtimeOfTests() });
  expect(answer(made)).toBe('flask');
  expect(made.files).not.toContain('bottle.py');
  expect(made.files).not.toContain('pyproject.toml');
});

test('fails for uv.lock if uv is not installed, with the fix', () => {
  const project = new Project({ 'main.py': APP, 'pyproject.toml': '', 'uv.lock': '' });
  withoutUv();
  expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: cannot read .*uv\.lock: .*; install uv/s);
});

test.each([
  ['uv', () => undefined],
  ['pip', withoutUv],
])('fails if a package has no wheel for the platform, with its name and possible fixes, with %s', (_, prepare) => {
  const project = new Project({ 'main.py': APP, 'requirements.txt': 'greenlet==3.3.0' });
  prepare();
  const make = () => bundle(project, 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_11 });
  expect(make).toThrow(/Stack\/Web: greenlet==3\.3\.0 has no wheel for Python 3\.11 on Lambda \(manylinux2014, x86_64\)(?:, and its source is compiled code)?; use a version that has one/);
});

test('markers are compared with a patch release that Lambda has, not with the first one', () => {
  const project = new Project({ 'main.py': APP, 'requirements.txt': 'markupsafe==3.0.3 ; python_full_version > "3.11.3"\nsix==1.17.0 ; python_full_version < "3.11.3"\n' });
  const { files } = bundle(project, 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_11 });
  expect([files.includes('markupsafe/__init__.py'), files.includes('six.py')]).toEqual([true, false]);
});

test('fails if a version does not exist', () => {
  const project = new Project({ 'main.py': APP, 'requirements.txt': 'flask==0.0.0.1' });
  expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: .*flask/s);
});

describe('wheels', () => {
  const { PYTHON_3_10, PYTHON_3_11, PYTHON_3_12, PYTHON_3_13, PYTHON_3_14 } = lambda.Runtime;
  const runtimes = [PYTHON_3_10, PYTHON_3_11, PYTHON_3_12, PYTHON_3_13, PYTHON_3_14];
  const architectures = [lambda.Architecture.X86_64, lambda.Architecture.ARM_64];
  const pairs = runtimes.flatMap(runtime => architectures.map(architecture => ({ runtime, architecture, name: `${runtime.name} on ${architecture.name}` })));

  test.each(pairs)('for $name can be loaded there', ({ runtime, architecture }) => {
    const project = new Project({ 'main.py': APP, 'requirements.txt': 'greenlet\nmarkupsafe==3.0.3\n' });
    const made = bundle(project, 'main.py', {}, { runtime, architecture });
    const version = runtime.name.replace('python', '');
    const newest = platformTagOf(version) === 'manylinux2014' ? 17 : 28;
    const machine = architecture === lambda.Architecture.ARM_64 ? 'aarch64' : 'x86_64';
    const wheels = made.files.filter(file => /^(greenlet|markupsafe)-[^/]*\.dist-info\/WHEEL$/.test(file));
    expect(wheels).toHaveLength(2);
    for (const wheel of wheels) {
      const tags = [...readFileSync(path.join(made.directory, wheel), 'utf8').matchAll(/^Tag: (.*)$/gm)].map(([, tag]) => tag.split('-'));
      expect(tags.map(([python]) => python)).toContain(`cp${version.replace('.', '')}`);
      const glibcs = tags.map(([, , platform]) => new RegExp(`^manylinux_2_(\\d+)_${machine}$`).exec(platform)).filter(Boolean).map(found => Number(found![1]));
      expect(Math.min(...glibcs)).toBeLessThanOrEqual(newest);
    }
    const libraries = made.files.filter(file => file.endsWith('.so'));
    expect(libraries.length).toBeGreaterThan(1);
  });

  test('with the newer tag are installed only for Amazon Linux 2023', () => {
    const requirement = { 'main.py': APP, 'requirements.txt': 'greenlet==3.3.0' };
    expect(bundle(new Project(requirement), 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_12 }).files).toContain('greenlet/__init__.py');
    expect(() => bundle(new Project(requirement), 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_11 })).toThrow(/greenlet==3\.3\.0 has no wheel/);
  });
});

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Project } from './project';
import { answer, APP, bundle, runtimeOfTests, withoutUv, writeProgram } from './python-project';
import { WrappedWebApp } from '../../../src';
import { platformTagOf } from '../../../src/bundling/install-python-packages';
import { testStack } from '../synthesis';

describe('dependencies', () => {
  const FLASK = 'from flask import Flask\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n    return "flask"\n';

  test('are installed from requirements.txt with uv', () => {
    expect(answer(bundle(new Project({ 'main.py': FLASK, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { runtime: runtimeOfTests() }))).toBe('flask');
  });

  test('are installed from requirements.txt with pip where there is no uv', () => {
    withoutUv();
    const made = bundle(new Project({ 'main.py': FLASK, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { runtime: runtimeOfTests() });
    expect(answer(made)).toBe('flask');
    expect(made.files.filter(file => /^bin|__pycache__|direct_url\.json|REQUESTED$/.test(file))).toEqual([]);
  });

  test('are installed from uv.lock, without those of development', () => {
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

  test('fails on uv.lock without uv, and says what to do', () => {
    const project = new Project({ 'main.py': APP, 'pyproject.toml': '', 'uv.lock': '' });
    withoutUv();
    expect(() => bundle(project, 'main.py')).toThrow(/uv\.lock.*install uv, or write requirements\.txt with: uv export/s);
  });

  test.each([
    ['poetry.lock', 'poetry export -f requirements.txt -o requirements.txt'],
    ['Pipfile.lock', 'pipenv requirements > requirements.txt'],
    ['Pipfile', 'pipenv lock && pipenv requirements > requirements.txt'],
  ])('fails on %s with the command that exports it', (file, command) => {
    const stack = testStack();
    const project = new Project({ 'main.py': APP, [file]: '' });
    expect(() => new WrappedWebApp(stack, 'Web', { entry: project.path('main.py') })).toThrow(`write them to requirements.txt with: ${command}`);
  });

  test('fails on a pyproject.toml whose versions are not locked', () => {
    const project = (toml: string) => new Project({ 'main.py': APP, 'pyproject.toml': toml });
    expect(() => bundle(project('[project]\nname = "x"\ndependencies = [\n  # web\n  "flask",\n]\n'), 'main.py')).toThrow(/run uv lock, or write requirements\.txt with/);
    expect(answer(bundle(project('[tool.ruff]\nline-length = 100\n[project]\nname = "x"\ndependencies = []\n[x]\ndependencies = ["a"]'), 'main.py'))).toBe('hello');
  });

  test('that are not pinned are warned of', () => {
    const stack = testStack();
    const requirements = [
      '# a comment', 'flask', 'django>=5,<6 # newest', 'httpx[http2]~=0.28', 'bottle==0.13.*', 'pinned==1.0', 'marked==1.0 ; python_version < "3.12"',
      'hashed==1.0 \\', '  --hash=sha256:abc', '--index-url https://example.com/simple', 'url @ https://example.com/x.whl', './wheels/x-1-py3-none-any.whl', '-r more.txt',
    ];
    const project = new Project({ 'main.py': APP, 'requirements.txt': requirements.join('\n'), 'more.txt': 'starlette\n-r requirements.txt\n' });
    new WrappedWebApp(stack, 'Web', { entry: project.path('main.py') });
    const [warning] = Annotations.fromStack(stack).findWarning('/Stack/Web', Match.anyValue());
    expect(warning.entry.data).toContain('requirements.txt does not pin flask, django, httpx[http2], bottle, starlette: two deployments');
  });

  test('that are pinned are not warned of', () => {
    const stack = testStack();
    new WrappedWebApp(stack, 'Web', { entry: new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3\n' }).path('main.py') });
    Annotations.fromStack(stack).hasNoWarning('/Stack/Web', Match.anyValue());
  });

  test.each([
    ['uv', () => undefined],
    ['pip', withoutUv],
  ])('fails when one has no wheel for the platform, naming it and the ways out, with %s', (_, prepare) => {
    const project = new Project({ 'main.py': APP, 'requirements.txt': 'greenlet==3.3.0' });
    prepare();
    const make = () => bundle(project, 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_11 });
    expect(make).toThrow(/Stack\/Web: greenlet==3\.3\.0 has no wheel for Python 3\.11 on Lambda \(manylinux2014, x86_64\); take a version that has one/);
  });

  test('fails when one does not exist', () => {
    const project = new Project({ 'main.py': APP, 'requirements.txt': 'flask==0.0.0.1' });
    expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: .*flask/s);
  });

  test('are left to Docker, with everything else in place, where there is neither uv nor pip', () => {
    const folder = withoutUv(false);
    writeProgram(path.join(folder, 'docker'), `echo "$@" >> ${folder}/calls`);
    process.env.CDK_DOCKER = path.join(folder, 'docker');
    try {
      const made = bundle(new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { architecture: lambda.Architecture.ARM_64 });
      const calls = readFileSync(path.join(folder, 'calls'), 'utf8');
      expect(calls).toMatch(/^run --rm .*--platform linux\/arm64 .*build-python3\.13.* bash -c .*python -m pip install /);
      expect(calls).toContain('--requirement /asset-output/.wrapped-web-app-requirements.txt');
      expect(readFileSync(path.join(made.directory, '.wrapped-web-app-requirements.txt'), 'utf8')).toBe('flask==3.1.3');
      expect(made.files).toEqual(expect.arrayContaining(['main.py', 'wrapped_web_app_entry.py', 'wrapped_web_app_runtime/serve_module.py']));
    } finally {
      delete process.env.CDK_DOCKER;
    }
  });

  test("fails on a library in the app's own files that is for another machine", () => {
    const header = (machine: number) => Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(10), Buffer.from([machine, 0])]);
    const project = new Project({ 'main.py': APP, 'vendor/.keep': '' });
    writeFileSync(project.path('vendor/fast.cpython-313-aarch64-linux-gnu.so'), header(0xb7));
    expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: vendor\/fast.*\.so is compiled for arm64, but the function runs on Linux on x86_64; leave it out with exclude/);
    expect(answer(bundle(project, 'main.py', {}, { architecture: lambda.Architecture.ARM_64 }))).toBe('hello');
    writeFileSync(project.path('vendor/mac.dylib'), Buffer.from('cffaedfe0c00000100000000020000000000000000000000', 'hex'));
    expect(() => bundle(project, 'main.py', {}, { architecture: lambda.Architecture.ARM_64 })).toThrow(/vendor\/mac\.dylib is compiled for another operating system/);
  });
});

describe('wheels', () => {
  const { PYTHON_3_10, PYTHON_3_11, PYTHON_3_12, PYTHON_3_13, PYTHON_3_14 } = lambda.Runtime;
  const runtimes = [PYTHON_3_10, PYTHON_3_11, PYTHON_3_12, PYTHON_3_13, PYTHON_3_14];
  const architectures = [lambda.Architecture.X86_64, lambda.Architecture.ARM_64];
  const pairs = runtimes.flatMap(runtime => architectures.map(architecture => ({ runtime, architecture, name: `${runtime.name} on ${architecture.name}` })));

  test.each(pairs)('for $name are those that it can load', ({ runtime, architecture }) => {
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

  test('with the newer tag are taken on Amazon Linux 2023 alone', () => {
    const requirement = { 'main.py': APP, 'requirements.txt': 'greenlet==3.3.0' };
    expect(bundle(new Project(requirement), 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_12 }).files).toContain('greenlet/__init__.py');
    expect(() => bundle(new Project(requirement), 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_11 })).toThrow(/greenlet==3\.3\.0 has no wheel/);
  });
});

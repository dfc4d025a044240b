import { existsSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Project } from './project';
import { answer, APP, bundle, bundles, PythonBundle, withoutUv, WSGI } from './python-project';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { findInterpreters } from '../../lambda-runtime/python-environments';
import { testStack } from '../synthesis';

function entryOf({ directory }: PythonBundle): string {
  return readFileSync(path.join(directory, 'wrapped_web_app_entry.py'), 'utf8').split('handler = ')[1];
}

describe('the import root', () => {
  test.each([
    ['a flat file', 'main.py', {}, '("main", None, '],
    ['a flat file with requirements', 'main.py', { 'requirements.txt': '' }, '("main", None, '],
    ['a package', 'app/main.py', { 'app/__init__.py': '' }, '("app.main", None, '],
    ['a package in a project', 'app/main.py', { 'app/__init__.py': '', 'requirements.txt': '' }, '("app.main", None, '],
    ['a folder without __init__.py in a project', 'app/main.py', { 'requirements.txt': '' }, '("app.main", None, '],
    ['a folder without __init__.py and no project', 'app/main.py', {}, '("main", None, '],
    ["Django's default layout", 'mysite/wsgi.py', { 'mysite/__init__.py': '', 'manage.py': '', 'requirements.txt': '' }, '("mysite.wsgi", None, '],
    ['a src layout', 'src/shop/web.py', { 'src/shop/__init__.py': '', 'pyproject.toml': '[project]\nname = "shop"' }, '("shop.web", None, '],
    ['a file in src itself', 'src/web.py', { 'requirements.txt': '' }, '("src.web", None, '],
    ['a package in a package', 'shop/web/main.py', { 'shop/__init__.py': '', 'shop/web/__init__.py': '' }, '("shop.web.main", None, '],
    ['a package that is the entry itself', 'shop/__init__.py', { 'requirements.txt': '' }, '("shop", None, '],
    ['requirements in a package do not count', 'shop/main.py', { 'shop/__init__.py': '', 'shop/requirements.txt': '' }, '("shop.main", None, '],
  ])('of %s is found', (_, entry, files, call) => {
    const made = bundle(new Project({ [entry]: APP, ...files }), entry);
    expect(entryOf(made)).toContain(call);
    expect(answer(made)).toBe('hello');
  });

  test('can be chosen', () => {
    const project = new Project({ 'backend/requirements.txt': '', 'backend/lib/shop/web.py': `import helper\nMESSAGE = helper.MESSAGE\n${WSGI}`, 'backend/lib/helper.py': 'MESSAGE = b"helped"' });
    const made = bundle(project, 'backend/lib/shop/web.py', { root: project.path('backend/lib') });
    expect(entryOf(made)).toContain('("shop.web", None, ');
    expect(answer(made)).toBe('helped');
  });

  test('is never above the repository that the entry is in', () => {
    const project = new Project({ 'requirements.txt': '', 'repository/.git/HEAD': '', 'repository/app/main.py': APP });
    expect(entryOf(bundle(project, 'repository/app/main.py'))).toContain('("main", None, ');
  });

  test('is never the folder of all temporary files', () => {
    const stray = path.join(realpathSync(tmpdir()), 'Pipfile');
    const had = existsSync(stray);
    if (!had) writeFileSync(stray, '');
    try {
      expect(answer(bundle(new Project({ 'main.py': APP }), 'main.py'))).toBe('hello');
    } finally {
      if (!had) rmSync(stray);
    }
  });

  test('fails when it is no folder, or not above the entry', () => {
    const project = new Project({ 'main.py': APP, 'other/x.py': '' });
    expect(() => bundle(project, 'main.py', { root: project.path('nowhere') })).toThrow(/^Stack\/Web: root ".*nowhere" is not a folder; it is looked up/);
    expect(() => bundle(project, 'main.py', { root: project.path('other') })).toThrow(/does not lie in root ".*other"; choose a folder above the entry/);
  });
});

describe('the entry', () => {
  test('may name the app behind a colon', () => {
    const project = new Project({ 'main.py': `${APP}\nclass sites:\n    shop = app\ndel app\n` });
    expect(answer(bundle(project, 'main.py:sites.shop'))).toBe('hello');
  });

  test('may be a string on the app itself', () => {
    const stack = testStack();
    new WrappedWebApp(stack, 'Web', { entry: new Project({ 'main.py': APP }).path('main.py'), frontDoor: 'alb' });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Runtime: 'python3.13', Handler: 'wrapped_web_app_entry.handler' });
  });

  test.each([
    ['app/main.py', {}, /^Stack\/Web: entry .*main\.py does not exist; it is looked up from the working directory/],
    ['my-app.py', { 'my-app.py': APP }, /cannot be imported from .*, since "my-app" is not a Python name; rename it, or set root/],
    ['my-app/main.py', { 'my-app/main.py': APP, 'requirements.txt': '' }, /since "my-app" is not a Python name/],
    ['main.rb', { 'main.rb': '' }, /entry must be a file that ends in \.py, with :name behind it/],
  ])('fails when it is %s', (entry, files, message) => {
    expect(() => bundle(new Project(files as Record<string, string>), entry)).toThrow(message);
  });

  test.each([
    [lambda.Runtime.NODEJS_22_X, /main\.py is a Python app and cannot run on nodejs22\.x; choose a python runtime or drop runtime/],
    [lambda.Runtime.PYTHON_3_9, /Python apps need python3\.10 or later, got runtime python3\.9/],
  ])('fails on the runtime %s', (runtime, message) => {
    expect(() => bundle(new Project({ 'main.py': APP }), 'main.py', {}, { runtime })).toThrow(message);
  });
});

describe('what is uploaded', () => {
  const files = {
    'main.py': APP,
    'templates/index.html': '<p>',
    'bin/keep': 'the app reads it',
    'tests/test_main.py': '',
    '.venv/x.py': '',
    '.env': 'SECRET=1',
    '__pycache__/main.cpython-313.pyc': 'stale',
    '__pycache__/main.cpython-312.pyc': 'stale',
    '__pycache__/gone.cpython-313.pyc': 'stale',
    'legacy.pyc': 'stale',
    'cdk.out/x': '',
    'node_modules/x/index.js': '',
    '.git/HEAD': '',
    'secret.txt': '',
    'data/big.csv': '',
  };
  const OURS = /^wrapped_web_app_(runtime|entry\.py)/;

  test('is all that the app may read, and nothing of its tools', () => {
    const made = bundle(new Project(files), 'main.py');
    expect(made.files.filter(file => !OURS.test(file))).toEqual(['bin', 'bin/keep', 'data', 'data/big.csv', 'main.py', 'secret.txt', 'templates', 'templates/index.html']);
    expect(made.files.filter(file => /pycache|\.pyc$/.test(file))).toEqual([]);
    expect(made.bytecode).not.toContain('__pycache__/gone.cpython-313.pyc');
    expect(made.bytecode.filter(file => readFileSync(path.join(made.directory, file), 'latin1') === 'stale')).toEqual([]);
  });

  test('can be less or more', () => {
    const made = bundle(new Project(files), 'main.py', { exclude: ['secret.txt', 'data/*.csv', '!tests'] });
    expect(made.files.filter(file => !OURS.test(file))).toEqual(['bin', 'bin/keep', 'main.py', 'templates', 'templates/index.html', 'tests', 'tests/test_main.py']);
  });

  test('follows links and skips those that lead nowhere or in circles', () => {
    const shared = new Project({ 'shared.py': 'MESSAGE = b"shared"' });
    const project = new Project({ 'main.py': `from lib.shared import MESSAGE\n${WSGI}` });
    symlinkSync(shared.root, project.path('lib'));
    symlinkSync('/nowhere/at/all', project.path('broken'));
    symlinkSync('.', project.path('circle'));
    const made = bundle(project, 'main.py');
    expect(answer(made)).toBe('shared');
    expect(made.files).not.toContain('broken');
    expect(made.files.some(file => file.startsWith('circle'))).toBe(false);
  });

  test('is the same, with the same hash, from another folder', () => {
    const written = { ...files, 'requirements.txt': 'markupsafe==3.0.3\nflask==3.1.3\n' };
    const [one, other] = [bundle(new Project(written), 'main.py'), bundle(new Project(written), 'main.py')];
    expect(one.hash).toBe(other.hash);
    const records = one.files.filter(file => file.endsWith('.dist-info/RECORD')).map(file => readFileSync(path.join(one.directory, file), 'utf8').trimEnd().split('\n'));
    const recorded = records.flat().map(line => line.split(',')[0]);
    expect(recorded).toEqual(expect.arrayContaining(['flask/app.py', 'flask-3.1.3.dist-info/RECORD', 'markupsafe/__init__.py']));
    expect(recorded.filter(file => !one.files.includes(file))).toEqual([]);
    expect(one.files.filter(file => /^bin\/flask|__pycache__|direct_url\.json|\.lock$/.test(file))).toEqual([]);
  });

  test('is the same, with the same hash, whichever Python installs, and with uv or pip', () => {
    const project = new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3' });
    const original = process.env.PATH;
    const hashes = findInterpreters().map(({ executable }) => {
      process.env.PATH = `${path.dirname(executable)}:${original}`;
      return bundle(project, 'main.py').hash;
    });
    withoutUv();
    hashes.push(bundle(project, 'main.py').hash);
    expect(new Set(hashes).size).toBe(1);
  }, 60_000);

  test('can be read by everyone, whatever the umask', () => {
    const project = new Project({ 'main.py': APP, 'data/x.txt': '', 'requirements.txt': 'markupsafe==3.0.3' });
    const umask = process.umask(0o077);
    try {
      const { directory } = bundle(project, 'main.py');
      const modeOf = (file: string) => (statSync(path.join(directory, file)).mode & 0o777).toString(8); // eslint-disable-line no-bitwise
      const bundled = ['main.py', 'data', 'markupsafe/__init__.py', 'wrapped_web_app_entry.py', 'wrapped_web_app_runtime/stream-responses.sh'];
      expect(bundled.map(modeOf)).toEqual(['644', '755', '644', '644', '755']);
    } finally {
      process.umask(umask);
    }
  });

  test('differs for two entries of one folder', () => {
    const project = new Project({ 'one.py': APP, 'two.py': `MESSAGE = b"two"\n${WSGI}` });
    expect(bundles(project, [{ entry: 'one.py' }, { entry: 'two.py' }]).map(answer)).toEqual(['hello', 'two']);
  });

  test('differs for one entry with two sets of options', () => {
    const [one, other] = bundles(new Project(files), [{ entry: 'main.py' }, { entry: 'main.py', options: { exclude: ['data'] } }]);
    expect(one.files).toContain('data/big.csv');
    expect(other.files).not.toContain('data/big.csv');
  });

  test("has the app's own file where a dependency has one of the same name", () => {
    const project = new Project({ 'main.py': `from markupsafe import MESSAGE\n${WSGI}`, 'markupsafe/__init__.py': 'MESSAGE = b"mine"', 'requirements.txt': 'markupsafe==3.0.3' });
    expect(answer(bundle(project, 'main.py'))).toBe('mine');
  });
});

test('a template is the same on every machine where bundling is skipped', () => {
  const templateFrom = (project: Project) => {
    const stack = testStack();
    new WrappedWebApp(stack, 'Web', { entry: AppSource.python(project.path('app/main.py'), { exclude: ['data'] }) });
    return Template.fromStack(stack).toJSON();
  };
  const files = { 'app/main.py': APP, 'requirements.txt': 'flask==3.1.3' };
  expect(templateFrom(new Project(files))).toEqual(templateFrom(new Project(files)));
});

describe('responseStreaming', () => {
  const project = new Project({ 'main.py': APP });
  const make = (props: Partial<WrappedWebAppProps>) => {
    const stack = testStack();
    new WrappedWebApp(stack, 'Web', { entry: project.path('main.py'), ...props });
    return Template.fromStack(stack);
  };
  const variables = (template: Template) => Object.values(template.findResources('AWS::Lambda::Function'))[0].Properties.Environment.Variables;

  test('starts the loop that streams', () => {
    expect(variables(make({ responseStreaming: true })).AWS_LAMBDA_EXEC_WRAPPER).toBe('/var/task/wrapped_web_app_runtime/stream-responses.sh');
    const made = bundle(project, 'main.py');
    expect(statSync(path.join(made.directory, 'wrapped_web_app_runtime/stream-responses.sh')).mode.toString(8)).toMatch(/755$/);
  });

  test("leaves AWS's own client in place otherwise", () => {
    expect(variables(make({}))).not.toHaveProperty('AWS_LAMBDA_EXEC_WRAPPER');
    expect(variables(make({ environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' } })).AWS_LAMBDA_EXEC_WRAPPER).toBe('/opt/otel-instrument');
  });

  test("fails with a wrapper of the user's own", () => {
    expect(() => make({ responseStreaming: true, environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' } }))
      .toThrow('Stack/Web: responseStreaming starts a Python app through AWS_LAMBDA_EXEC_WRAPPER, which environment sets to "/opt/otel-instrument"; drop one of them');
  });

  test('fails with SnapStart', () => {
    expect(() => make({ responseStreaming: true, aliasName: 'live', snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS }))
      .toThrow(/cannot have both responseStreaming and snapStart/);
  });

  test('fails behind a door that cannot', () => {
    expect(() => make({ responseStreaming: true, frontDoor: 'alb' })).toThrow(/stream/);
  });
});

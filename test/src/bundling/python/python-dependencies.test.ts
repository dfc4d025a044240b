import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { answer, APP, bundle } from './python-project';
import { WrappedWebApp } from '../../../../src';
import { testStack } from '../../synthesis';
import { Project } from '../project';

const FOR_LAMBDA = '--generate-hashes --python-platform x86_64-manylinux_2_28 --python-version 3.13 -o requirements.txt';

test.each([
  ['Pipfile', '', 'lists dependencies, but their versions are not locked; run in $root: pipenv lock'],
  ['pdm.lock', '', 'cannot be installed from; run in $root: pdm export --prod -o requirements.txt'],
  ['requirements.in', 'flask', `lists dependencies, but their versions are not locked; run in $root: uv pip compile requirements.in ${FOR_LAMBDA}`],
  ['setup.py', 'setup(install_requires=["flask"])', `lists dependencies, but their versions are not locked; run in $root: uv pip compile setup.py ${FOR_LAMBDA}`],
  ['pyproject.toml', '[tool.poetry.dependencies]\npython = "^3.10"\nflask = "*"\n', 'lists dependencies for Poetry, but their versions are not locked; run in $root: poetry lock'],
  ['pyproject.toml', '[project]\nname = "x"\ndynamic = ["dependencies"]\n', `lists dependencies, but their versions are not locked; run in $root: uv lock, or uv pip compile pyproject.toml ${FOR_LAMBDA}`],
])('fails for %s with %j, with the command that locks the dependencies for Lambda', (file, text, message) => {
  const stack = testStack();
  const project = new Project({ 'main.py': APP, [file]: text });
  expect(() => new WrappedWebApp(stack, 'Web', { entry: project.path('main.py') }))
    .toThrow(`Stack/Web: ${project.path(file)} ${message.replace('$root', project.root)}`);
});

test('fails for a pyproject.toml with dependencies that are not locked', () => {
  const project = (toml: string) => new Project({ 'main.py': APP, 'pyproject.toml': toml });
  expect(() => bundle(project('[project]\nname = "x"\ndependencies = [\n  # web\n  "flask",\n]\n'), 'main.py')).toThrow(/: uv lock, or uv pip compile pyproject\.toml --generate-hashes/);
  expect(answer(bundle(project('[tool.ruff]\nline-length = 100\n[project]\nname = "x"\ndependencies = []\n[x]\ndependencies = ["a"]'), 'main.py'))).toBe('hello');
});

test('warns about dependencies that are not pinned', () => {
  const stack = testStack();
  const requirements = [
    '# a comment', 'flask', 'django>=5,<6 # newest', 'httpx[http2]~=0.28', 'bottle==0.13.*', 'pinned==1.0', 'marked==1.0 ; python_version < "3.12"',
    'hashed==1.0 \\', '  --hash=sha256:abc', '--index-url https://example.com/simple', 'url @ https://example.com/x.whl', './wheels/x-1-py3-none-any.whl', '-r more.txt',
  ];
  const project = new Project({ 'main.py': APP, 'requirements.txt': requirements.join('\n'), 'more.txt': 'starlette\n-r requirements.txt\n' });
  new WrappedWebApp(stack, 'Web', { entry: project.path('main.py') });
  const [warning] = Annotations.fromStack(stack).findWarning('/Stack/Web', Match.anyValue());
  expect(warning.entry.data).toContain('not pinned to one version: requirements.txt:2 flask, requirements.txt:3 django>=5,<6, requirements.txt:4 httpx[http2]~=0.28, '
    + 'requirements.txt:5 bottle==0.13.*, more.txt:1 starlette; two deployments of the same sources may differ');
});

test('does not warn about pinned dependencies', () => {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3\n' }).path('main.py') });
  Annotations.fromStack(stack).hasNoWarning('/Stack/Web', Match.anyValue());
});

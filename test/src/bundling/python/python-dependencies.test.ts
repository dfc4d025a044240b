import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { answer, APP, bundle } from './python-project';
import { WrappedWebApp } from '../../../../src';
import { testStack } from '../../synthesis';
import { Project } from '../project';

test.each([
  ['poetry.lock', 'poetry export -f requirements.txt -o requirements.txt'],
  ['Pipfile.lock', 'pipenv requirements > requirements.txt'],
  ['Pipfile', 'pipenv lock && pipenv requirements > requirements.txt'],
])('fails for %s, with the command that exports it', (file, command) => {
  const stack = testStack();
  const project = new Project({ 'main.py': APP, [file]: '' });
  expect(() => new WrappedWebApp(stack, 'Web', { entry: project.path('main.py') })).toThrow(`write them to requirements.txt with: ${command}`);
});

test('fails for a pyproject.toml with dependencies that are not locked', () => {
  const project = (toml: string) => new Project({ 'main.py': APP, 'pyproject.toml': toml });
  expect(() => bundle(project('[project]\nname = "x"\ndependencies = [\n  # web\n  "flask",\n]\n'), 'main.py')).toThrow(/run uv lock, or write requirements\.txt with/);
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
  expect(warning.entry.data).toContain('requirements.txt does not pin flask, django, httpx[http2], bottle, starlette: two deployments');
});

test('does not warn about pinned dependencies', () => {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3\n' }).path('main.py') });
  Annotations.fromStack(stack).hasNoWarning('/Stack/Web', Match.anyValue());
});

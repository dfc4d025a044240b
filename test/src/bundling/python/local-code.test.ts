/** @slow builds packages with uv and setuptools */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { runTool } from './package-index';
import { answer, APP, bundle, PythonBundle, WSGI } from './python-project';
import { PythonAppOptions, WrappedWebApp } from '../../../../src';
import { Project } from '../project';

const BUILD = '[build-system]\nrequires = ["setuptools==80.9.0"]\nbuild-backend = "setuptools.build_meta"\n';

function toml(name: string, more = ''): string {
  return `[project]\nname = "${name}"\nversion = "1.2.3"\nrequires-python = ">=3.10"\n${more}\n${BUILD}`;
}

const LIBRARY = { 'lib/pyproject.toml': toml('mylib'), 'lib/src/mylib/__init__.py': 'MESSAGE = b"library"', 'lib/src/mylib/data.txt': '' };
const USES_LIBRARY = `from mylib import MESSAGE\n${WSGI}`;
const ITSELF = `from importlib.metadata import version\nMESSAGE = version("shop").encode()\n${WSGI}`;

/** Nothing in the bundle leads to this machine, and nothing was left in the sources. */
function expectClean(project: Project, { files, directory }: PythonBundle): void {
  expect(files.filter(file => /\.pth$|__editable__|direct_url|(^|\/)build\//.test(file))).toEqual([]);
  const records = files.filter(file => file.endsWith('RECORD')).map(file => readFileSync(path.join(directory, file), 'utf8'));
  expect(records.join('')).not.toContain(project.root);
}

test.each([
  ['a folder', './lib'],
  ['an editable folder', '-e ./lib'],
  ['a file URL', 'mylib @ file://$root/lib'],
])('%s in requirements.txt is installed as a wheel', (_, line) => {
  const project = new Project({ 'main.py': USES_LIBRARY, ...LIBRARY });
  project.write('requirements.txt', line.replace('$root', project.root));
  const made = bundle(project, 'main.py', { exclude: ['lib'] });
  expect(answer(made)).toBe('library');
  expect(made.files).toContain('mylib-1.2.3.dist-info/METADATA');
  expectClean(project, made);
});

test('a path in tool.uv.sources is installed as a wheel', () => {
  const project = new Project({
    'main.py': USES_LIBRARY,
    'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["mylib"]\n[tool.uv.sources]\nmylib = { path = "lib", editable = true }\n',
    ...LIBRARY,
  });
  runTool(project.root, 'uv', ['lock', '-q']);
  const made = bundle(project, 'main.py', { exclude: ['lib'], onlyWheels: true });
  expect(answer(made)).toBe('library');
  expectClean(project, made);
});

test('a member of a uv workspace is installed from the lock file of the workspace, with its metadata, and without the other members', () => {
  const project = new Project({
    '.git/HEAD': '',
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
    'packages/shop/pyproject.toml': toml('shop', 'dependencies = ["mylib"]\n[tool.uv.sources]\nmylib = { workspace = true }'),
    'packages/shop/src/shop/__init__.py': '',
    'packages/shop/src/shop/main.py': `import mylib\n${ITSELF}`,
    'packages/shop/src/shop/.env': 'SECRET=1',
    'packages/other/pyproject.toml': toml('other'),
    'packages/other/src/other/__init__.py': '',
    ...Object.fromEntries(Object.entries(LIBRARY).map(([file, text]) => [`packages/${file}`, text])),
  });
  runTool(project.root, 'uv', ['lock', '-q']);
  const made = bundle(project, 'packages/shop/src/shop/main.py');
  expect(answer(made)).toBe('1.2.3');
  expect(made.files).toEqual(expect.arrayContaining(['mylib/__init__.py', 'mylib-1.2.3.dist-info/METADATA', 'shop-1.2.3.dist-info/METADATA']));
  expect(made.files.filter(file => /^other|\.env/.test(file))).toEqual([]);
  expectClean(project, made);
});

test.each<[string, { [file: string]: string }, string, PythonAppOptions]>([
  ['in src/, with requirements.txt', { 'src/shop/__init__.py': '', 'src/shop/main.py': ITSELF, 'pyproject.toml': toml('shop'), 'requirements.txt': '' }, 'src/shop/main.py', {}],
  ['without a lock file', { 'shop/__init__.py': '', 'shop/main.py': ITSELF, 'pyproject.toml': toml('shop') }, 'shop/main.py', {}],
  ['with setup.py', { 'shop/__init__.py': '', 'shop/main.py': ITSELF, 'setup.py': 'from setuptools import setup\nsetup(name="shop", version="1.2.3", packages=["shop"])' }, 'shop/main.py', {}],
])('a project that asks for its own metadata gets it, %s', (_, files, entry, options) => {
  const project = new Project(files);
  const made = bundle(project, entry, options);
  expect(answer(made)).toBe('1.2.3');
  expectClean(project, made);
});

test('a project that cannot be built is no error, but a warning if its code reads the metadata of packages', () => {
  const pyproject = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';
  const project = (main: string, table: string) => new Project({ 'main.py': `${main}\n${APP}`, 'shop/__init__.py': '', 'migrations/__init__.py': '', 'pyproject.toml': table });
  const warnings = (made: Project) => {
    const stack = new cdk.Stack(new cdk.App());
    new WrappedWebApp(stack, 'Web', { entry: made.path('main.py') });
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('metadata')).map(({ entry }) => entry.data);
  };
  expect(warnings(project('# instead of pkg_resources', `${pyproject}[project]\nname = "shop"\nversion = "1"\n`))).toEqual([]);
  expect(warnings(project('import importlib.metadata', pyproject))).toEqual([]);
  expect(warnings(project('import importlib.metadata', `${pyproject}[project]\nname = "shop"\nversion = "1"\n`)))
    .toEqual([expect.stringMatching(/its own is not in the bundle, because uv build --wheel .* fails:\n.*Multiple top-level packages/s)]);
});

test('files that the rules leave out are not taken from the wheel of the project', () => {
  const project = new Project({
    'src/shop/__init__.py': '',
    'src/shop/main.py': ITSELF,
    'src/shop/private.py': '',
    'pyproject.toml': toml('shop'),
    'requirements.txt': '',
  });
  expect(bundle(project, 'src/shop/main.py', { exclude: ['private.py'] }).files.filter(file => file.includes('private'))).toEqual([]);
});

test.each(['/srv/lib', '../lib', 'import __editable___mylib_finder; __editable___mylib_finder.install()'])('fails if a .pth file leads out of the bundle: %s', line => {
  const project = new Project({ 'main.py': APP, 'mylib.pth': `${line}\n` });
  expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: mylib\.pth leads out of the bundle, to .*, which does not exist on Lambda/);
});

test('a .pth file that stays in the bundle is no error', () => {
  expect(answer(bundle(new Project({ 'main.py': APP, 'mylib.pth': '# a comment\n./vendor\nimport os\n' }), 'main.py'))).toBe('hello');
});

test('fails if local code cannot be built, with the reason', () => {
  const project = new Project({ 'main.py': USES_LIBRARY, 'lib/setup.py': 'raise RuntimeError("no version control")', 'requirements.txt': './lib' });
  expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: a package could not be built from source, for the reason below; .*no version control/s);
});

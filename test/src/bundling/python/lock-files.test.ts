/** @slow runs package indexes, and locks and installs with uv */
import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PackageIndex, runTool, withVariables } from './package-index';
import { answer, bundle, PythonBundle, withoutUv, WSGI, writeProgram } from './python-project';
import { PythonAppOptions } from '../../../../src';
import { scratchFolder } from '../../synthesis';
import { Project } from '../project';

let index: PackageIndex;
beforeAll(async () => {
  index = await PackageIndex.start();
  for (const name of ['locked', 'extralib', 'grouplib', 'devlib']) index.add('public', 'wheel', name, '1.0', 'MESSAGE = b"good"');
  index.add('private', 'wheel', 'ours', '1.0', 'MESSAGE = b"private"');
  index.add('public', 'wheel', 'ours', '1.0', 'MESSAGE = b"somebody else"');
  index.add('public', 'wheel', 'ours', '9.0', 'MESSAGE = b"somebody else"');
});
afterAll(() => index.stop());

const cache = scratchFolder();
beforeEach(() => withVariables({ UV_CACHE_DIR: cache, UV_DEFAULT_INDEX: index.simple('public') }));

const MAIN = `from locked import MESSAGE\n${WSGI}`;

const PYPROJECT = `[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = ["locked"]
[project.optional-dependencies]
more = ["extralib"]
[dependency-groups]
dev = ["devlib"]
production = ["grouplib"]
`;

/** A lock file of each kind, as its tool writes it. */
const LOCKS: { [kind: string]: (project: Project) => void } = {
  'requirements.txt': project => runTool(project.root, 'uv', ['pip', 'compile', '-q', '--generate-hashes', 'pyproject.toml', '-o', 'requirements.txt']),
  'uv.lock': project => runTool(project.root, 'uv', ['lock', '-q']),
  'pylock.toml': project => {
    runTool(project.root, 'uv', ['lock', '-q']);
    runTool(project.root, 'uv', ['export', '-q', '--no-dev', '--format', 'pylock.toml', '-o', 'pylock.toml']);
    rmSync(project.path('uv.lock'));
  },
  'Pipfile.lock': project => project.write('Pipfile.lock', {
    _meta: { sources: [{ name: 'pypi', url: index.simple('public'), verify_ssl: true }] },
    default: { locked: { hashes: [hashOf('locked')], version: '==1.0', markers: 'python_version >= "3.6"', index: 'pypi' } },
    develop: { devlib: { hashes: [hashOf('devlib')], version: '==1.0' } },
    production: { grouplib: { hashes: [hashOf('grouplib')], version: '==1.0' } },
  }),
  'poetry.lock': project => {
    project.write('poetry.lock', '');
    standInForPoetry(`--index-url ${index.simple('public')}\nlocked==1.0 --hash=${hashOf('locked')}`);
  },
};

function hashOf(name: string): string {
  return index.hash('public', `${name}-1.0-py3-none-any.whl`);
}

/** A `poetry` that prints requirements, and writes its arguments to a file. */
function standInForPoetry(requirements: string): string {
  const folder = scratchFolder();
  writeFileSync(path.join(folder, 'requirements'), requirements);
  writeProgram(path.join(folder, 'poetry'), `echo "$@" > ${folder}/arguments; cat ${folder}/requirements`);
  process.env.PATH = `${folder}:${process.env.PATH}`;
  return path.join(folder, 'arguments');
}

function lockedProject(kind: string): Project {
  const project = new Project({ 'main.py': MAIN, 'pyproject.toml': PYPROJECT });
  LOCKS[kind](project);
  return project;
}

describe.each(Object.keys(LOCKS))('%s', kind => {
  test('is installed, without groups and extras', () => {
    const made = bundle(lockedProject(kind), 'main.py');
    expect(answer(made)).toBe('good');
    expect(made.files.filter(file => /lib\.py$/.test(file))).toEqual([]);
  });

  test('does not install a package that was changed after it was locked', () => {
    const project = lockedProject(kind);
    index.add('public', 'wheel', 'locked', '1.0', 'MESSAGE = b"evil"');
    withVariables({ UV_CACHE_DIR: scratchFolder() });
    try {
      expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: a package is not the one that was locked in .*Hash mismatch for `locked==1\.0`/s);
    } finally {
      index.add('public', 'wheel', 'locked', '1.0', 'MESSAGE = b"good"');
    }
  });
});

test.each<[string, PythonAppOptions, string[]]>([
  ['uv.lock', { groups: ['production'] }, ['grouplib.py']],
  ['uv.lock', { extras: ['more'] }, ['extralib.py']],
  ['uv.lock', { extras: ['more'], groups: ['production', 'dev'] }, ['devlib.py', 'extralib.py', 'grouplib.py']],
  ['Pipfile.lock', { groups: ['production'] }, ['grouplib.py']],
])('groups and extras of %s are installed by name: %j', (kind, options, expected) => {
  expect(bundle(lockedProject(kind), 'main.py', options).files.filter(file => /lib\.py$/.test(file))).toEqual(expected);
});

test.each(['uv.lock', 'pylock.toml'])('%s may want a newer Python than the one that installs', kind => {
  const project = lockedProject(kind);
  for (const file of ['pyproject.toml', kind]) project.write(file, readFileSync(project.path(file), 'utf8').replace(/^requires-python = .*$/m, 'requires-python = ">=3.14"'));
  expect(bundle(project, 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_14 }).files).toContain('locked.py');
});

test('groups and extras of poetry.lock are given to Poetry', () => {
  const project = lockedProject('poetry.lock');
  const args = standInForPoetry('locked==1.0');
  bundle(project, 'main.py', { groups: ['production'], extras: ['more'] });
  expect(readFileSync(args, 'utf8')).toBe('export --format requirements.txt --with production --extras more\n');
});

test('fails for groups and extras that the file cannot have, and for a group that it does not have', () => {
  const make = (kind: string, options: PythonAppOptions) => () => bundle(lockedProject(kind), 'main.py', options);
  expect(make('requirements.txt', { groups: ['x'] })).toThrow(/Stack\/Web: groups \["x"\] cannot be chosen, because the dependencies are read from requirements\.txt/);
  expect(make('Pipfile.lock', { extras: ['x'] })).toThrow(/Stack\/Web: extras \["x"\] cannot be chosen.*Pipfile\.lock/);
  expect(make('Pipfile.lock', { groups: ['x'] })).toThrow(/Pipfile\.lock has no category "x"; choose groups from \["develop","production"\]/);
  expect(make('uv.lock', { groups: ['x'] })).toThrow(/Stack\/Web: cannot read .*uv\.lock: .*`x`/s);
});

test('fails for poetry.lock if Poetry is not installed, with the command that exports it', () => {
  expect(() => bundle(new Project({ 'main.py': MAIN, 'poetry.lock': '' }), 'main.py', { extras: ['more'] }))
    .toThrow(/poetry\.lock: .*; install Poetry and its plugin with .* or write requirements\.txt with: poetry export --extras more -f requirements\.txt -o requirements\.txt/);
});

test('fails for a broken Pipfile.lock', () => {
  expect(() => bundle(new Project({ 'main.py': MAIN, 'Pipfile.lock': '{' }), 'main.py')).toThrow(/Stack\/Web: cannot read .*Pipfile\.lock: .*; run: pipenv lock/);
});

describe('a package of a private index', () => {
  const main = `from ours import MESSAGE\n${WSGI}`;
  const credentials = () => withVariables({ UV_INDEX_PRIVATE_USERNAME: 'user', UV_INDEX_PRIVATE_PASSWORD: 'open-sesame' });

  test('is not replaced by a public one of its name, from uv.lock', () => {
    const project = new Project({
      'main.py': main,
      'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["ours"]\n'
        + `[[tool.uv.index]]\nname = "private"\nurl = "${index.simple('private')}"\nexplicit = true\n[tool.uv.sources]\nours = { index = "private" }\n`,
    });
    credentials();
    runTool(project.root, 'uv', ['lock', '-q']);
    const made = bundle(project, 'main.py');
    expect(answer(made)).toBe('private');
    expect(filesWith(made, 'open-sesame')).toBe('');
  });

  test('is not replaced by a public one of its name, from Pipfile.lock', () => {
    const project = new Project({
      'main.py': main,
      'Pipfile.lock': {
        _meta: { sources: [{ name: 'pypi', url: index.simple('public') }, { name: 'private', url: index.simple('private').replace('//', '//${INDEX_USER}:${INDEX_PASSWORD}@') }] },
        default: { ours: { version: '==1.0', index: 'private', hashes: [index.hash('private', 'ours-1.0-py3-none-any.whl')] } },
      },
    });
    withVariables({ INDEX_USER: 'user', INDEX_PASSWORD: 'open-sesame' });
    expect(answer(bundle(project, 'main.py'))).toBe('private');
    project.write('Pipfile.lock', readFileSync(project.path('Pipfile.lock'), 'utf8').replace(/"hashes":\[[^\]]*\]/, '"hashes":[]'));
    expect(() => bundle(project, 'main.py')).toThrow(/has several indexes, but no hashes for ours.*run: pipenv lock/);
  });
});

function filesWith({ directory }: PythonBundle, text: string): string {
  return spawnSync('grep', ['-rl', text, directory], { encoding: 'utf8' }).stdout.trim();
}

describe('requirements', () => {
  test('can be several files of any name, with -r, -c and markers', () => {
    const project = new Project({
      'main.py': MAIN,
      'requirements/base.txt': '-c versions.txt\nlocked\nextralib==1.0 ; python_version < "3.13"\n',
      'requirements/versions.txt': 'locked==1.0\n',
      'requirements/production.txt': '-r base.txt\ngrouplib==1.0; sys_platform == "linux"\ndevlib==1.0; sys_platform == "win32"\n',
    });
    const made = bundle(project, 'main.py', { requirements: [project.path('requirements/production.txt'), project.path('requirements/base.txt')] });
    expect(answer(made)).toBe('good');
    expect(made.files.filter(file => /lib\.py$/.test(file))).toEqual(['grouplib.py']);
  });

  test('are asked for if there is no requirements.txt', () => {
    const project = new Project({ 'main.py': MAIN, 'requirements/base.txt': 'locked==1.0', 'requirements-dev.txt': '' });
    expect(() => bundle(project, 'main.py'))
      .toThrow(/has no requirements\.txt, but requirements-dev\.txt, requirements\/base\.txt; name the files to install, e\.g\. AppSource\.python\(entry, \{ requirements: \[".*requirements-dev\.txt"\] \}\)/);
  });

  test('can be a pylock.toml of another name', () => {
    const project = lockedProject('pylock.toml');
    renameSync(project.path('pylock.toml'), project.path('pylock.web.toml'));
    expect(answer(bundle(project, 'main.py', { requirements: [project.path('pylock.web.toml')] }))).toBe('good');
  });

  test('fail if they do not exist, or are files of another kind', () => {
    const project = new Project({ 'main.py': MAIN, 'pyproject.toml': PYPROJECT });
    expect(() => bundle(project, 'main.py', { requirements: ['nowhere.txt'] })).toThrow(/Stack\/Web: requirements "nowhere\.txt" is not a file/);
    expect(() => bundle(project, 'main.py', { requirements: [project.path('pyproject.toml')] })).toThrow(/must be requirements files or one pylock\.toml file/);
  });

  test('with a hash for one package need one for each, as with pip', () => {
    const project = new Project({ 'main.py': MAIN, 'requirements.txt': `locked==1.0 --hash=${hashOf('locked')}\nextralib==1.0\n` });
    expect(() => bundle(project, 'main.py')).toThrow(/--require-hashes.*extralib==1\.0/s);
  });

  test('keep their hashes with pip', () => {
    const project = lockedProject('requirements.txt');
    project.write('requirements.txt', `--index-url ${index.simple('public')}\n${readFileSync(project.path('requirements.txt'), 'utf8').replace(/sha256:./, 'sha256:0')}`);
    withoutUv();
    expect(() => bundle(project, 'main.py')).toThrow(/a package is not the one that was locked/);
  });
});

test('pylock.toml is refused without uv', () => {
  const project = lockedProject('pylock.toml');
  withoutUv();
  expect(() => bundle(project, 'main.py')).toThrow(/cannot read .*pylock\.toml: pip does not install from it .*; install uv/);
});

test('a tool that writes colors does not write them into the error', () => {
  const project = lockedProject('poetry.lock');
  const folder = scratchFolder();
  writeProgram(path.join(folder, 'poetry'), 'printf "\\033[31mbroken\\033[0m\\r\\n" >&2; exit 1');
  process.env.PATH = `${folder}:${process.env.PATH}`;
  expect(() => bundle(project, 'main.py')).toThrow(/poetry\.lock: broken; install Poetry/);
});

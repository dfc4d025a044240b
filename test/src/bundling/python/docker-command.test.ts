import { mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { APP, bundle, describeBytecode, PYTHON, runtimeOfTests, withoutUv, writeProgram } from './python-project';
import { PythonAppOptions } from '../../../../src';
import { Project } from '../project';

test('without uv and pip, Docker gets a bundle without the dependencies, and installs them', () => {
  const folder = withoutUv(false);
  writeProgram(path.join(folder, 'docker'), `echo "$@" >> ${folder}/calls`);
  process.env.CDK_DOCKER = path.join(folder, 'docker');
  try {
    const made = bundle(new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { architecture: lambda.Architecture.ARM_64 });
    const calls = readFileSync(path.join(folder, 'calls'), 'utf8');
    expect(calls).toMatch(/^run --rm .*--platform linux\/arm64 .*build-python3\.13.* bash -c .*python -m pip install /);
    expect(calls).toContain('--requirement /asset-output/.wrapped-web-app-requirements.txt');
    expect(readFileSync(path.join(made.directory, '.wrapped-web-app-requirements.txt'), 'utf8')).toBe('flask==3.1.3\n');
    expect(made.files).toEqual(expect.arrayContaining(['main.py', 'wrapped_web_app_entry.py', 'wrapped_web_app_runtime/serve_module.py']));
  } finally {
    delete process.env.CDK_DOCKER;
  }
});

test('the image installs the packages and compiles everything', () => {
  const original = process.env.PATH;
  const folder = withoutUv(false);
  mkdirSync(path.join(folder, 'image'));
  writeProgram(path.join(folder, 'image/python'), `exec ${PYTHON.executable} "$@"`);
  // Runs the command of the container on this machine, in the folder that would be /asset-output.
  writeProgram(path.join(folder, 'docker'), [
    `PATH='${folder}/image:${original}'`,
    'for argument; do',
    '  case $argument in *:/asset-output*) output=${argument%%:/asset-output*};; esac',
    'done',
    'exec bash -c "$(printf %s "$argument" | sed "s#/asset-output#$output#g; s#/tmp/packages#$output-packages#g")"',
  ].join('\n'));
  process.env.CDK_DOCKER = path.join(folder, 'docker');
  try {
    const made = bundle(new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3\n', 'struct.py': 'raise SystemExit(1)' }), 'main.py', {}, { runtime: runtimeOfTests() });
    const modules = describeBytecode(made);
    expect(Object.keys(modules)).toEqual(expect.arrayContaining(['main.py', 'flask/app.py', 'wrapped_web_app_runtime/serve_module.py']));
    for (const [file, found] of Object.entries(modules)) expect(found).toEqual([true, 1, `/var/task/${file}`]);
  } finally {
    delete process.env.CDK_DOCKER;
  }
});

/** What Docker is given instead of the files of the project. */
function requirementsFor(project: Project, options: PythonAppOptions = {}): { command: string; requirements: string; constraints: string } {
  const folder = withoutUv(false);
  writeProgram(path.join(folder, 'docker'), `echo "$@" >> ${folder}/calls`);
  process.env.CDK_DOCKER = path.join(folder, 'docker');
  try {
    const { directory } = bundle(project, 'main.py', options);
    const read = (name: string) => readFileSync(path.join(directory, `.wrapped-web-app-${name}.txt`), 'utf8');
    return { command: readFileSync(path.join(folder, 'calls'), 'utf8'), requirements: read('requirements'), constraints: read('constraints') };
  } finally {
    delete process.env.CDK_DOCKER;
  }
}

const HASH = `--hash=sha256:${'0'.repeat(64)}`;

test('Docker gets the included files as one, and the constraints as another, with all hashes', () => {
  const project = new Project({ 'main.py': APP, 'requirements.txt': `-r more.txt\n-c limits.txt\nflask==3.1.3 \\\n    ${HASH}\n`, 'more.txt': `bottle==0.13.4 ${HASH}\n`, 'limits.txt': 'click<9\n' });
  const { command, requirements, constraints } = requirementsFor(project, { onlyWheels: true });
  expect(requirements).toMatch(new RegExp(`^--require-hashes\nbottle==0\\.13\\.4 ${HASH}\nflask==3\\.1\\.3 +${HASH}\n$`));
  expect(constraints).toBe('click<9\n');
  expect(command).toMatch(/--only-binary :all: --constraint \/asset-output\/\.wrapped-web-app-constraints\.txt --requirement /);
  expect(command).not.toMatch(/ -e |--env|HOME=/);
});

test('Docker gets the hashes of Pipfile.lock', () => {
  const locked = { _meta: { sources: [{ url: 'https://pypi.org/simple' }] }, default: { flask: { version: '==3.1.3', hashes: [`sha256:${'0'.repeat(64)}`] } } };
  expect(requirementsFor(new Project({ 'main.py': APP, 'Pipfile.lock': locked })).requirements).toBe(`--require-hashes\n--index-url https://pypi.org/simple\nflask==3.1.3 ${HASH}\n`);
});

test.each<[string, { [file: string]: string | object }, RegExp]>([
  ['local code', { 'requirements.txt': 'flask==3.1.3\n-e ./lib\n' }, /requirements\.txt:2 names \.\/lib, which is not in the Docker container .*; install uv/],
  ['an index with a variable', { 'requirements.txt': '--index-url https://${TOKEN}@example.com/simple\n' }, /requirements\.txt:1 names an index with a variable/],
  ['several indexes of Pipfile.lock', {
    'Pipfile.lock': { _meta: { sources: [{ url: 'https://pypi.org/simple' }, { url: 'https://example.com/simple' }] }, default: { x: { version: '==1', hashes: ['sha256:0'] } } },
  }, /Pipfile\.lock takes packages from several indexes, but the pip in the Docker container asks all of them for each package/],
  ['pylock.toml', { 'pylock.toml': '' }, /pylock\.toml: pip does not install from it .*; install uv/],
  ['uv.lock', { 'pyproject.toml': '', 'uv.lock': '' }, /uv\.lock: .*; install uv/],
])('Docker is refused for %s, with the reason', (_, files, message) => {
  expect(() => requirementsFor(new Project({ 'main.py': APP, ...files }))).toThrow(message);
});

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { APP, bundle, describeBytecode, PYTHON, PythonBundle, runPython, runtimeOfTests, withoutUv, writeProgram } from './python-project';
import { WrappedWebApp } from '../../../../src';
import { compilePython } from '../../../../src/bundling/python/compile-python';
import { trimBytecode } from '../../../../src/bundling/python/trim-bytecode';
import { findInterpreters } from '../../../lambda-runtime/python-environments';
import { scratchFolder } from '../../synthesis';
import { Project } from '../project';

const FLASK = { 'main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'requirements.txt': 'flask==3.1.3\nmarkupsafe==3.0.3\n' };
const TAG = `cpython-${PYTHON.version.replace('.', '')}`;

function contents({ directory, bytecode }: PythonBundle): string[] {
  return bytecode.map(file => `${file} ${readFileSync(path.join(directory, file), 'base64')}`);
}

describe('bytecode', () => {
  test.each(findInterpreters())('is used for all modules on Python $version', ({ version, executable }) => {
    const made = bundle(new Project(FLASK), 'main.py', {}, { runtime: new lambda.Runtime(`python${version}`, lambda.RuntimeFamily.PYTHON) });
    const program = 'import os, sys; sys.path.insert(0, os.getcwd()); import flask, wrapped_web_app_entry; print(flask.Flask.__init__.__code__.co_filename)';
    const { stdout, stderr } = runPython(executable, ['-v', '-I', '-c', program], made.directory);
    const loaded = stderr.split('\n').filter(line => line.startsWith('# code object from') && line.includes(made.directory));
    expect(loaded.length).toBeGreaterThan(50);
    expect(loaded.filter(line => !/\.pyc'$/.test(line))).toEqual([]);
    // Tracebacks show the right path in every folder.
    expect(stdout.trim()).toBe(path.join(made.directory, 'flask/app.py'));
  });

  test('is made where the command line of the CDK names its output relative to the working directory', () => {
    const project = new Project({ 'main.py': 'def app(environ, start_response):\n    return []\n' });
    const output = scratchFolder();
    const app = new cdk.App({ outdir: path.relative(process.cwd(), output) });
    new WrappedWebApp(new cdk.Stack(app, 'Stack'), 'Web', { entry: project.path('main.py'), runtime: runtimeOfTests() });
    app.synth();
    expect((readdirSync(output, { recursive: true }) as string[]).filter(file => file.endsWith(`main.${TAG}.pyc`))).toHaveLength(1);
  });

  test('contains the file names on Lambda, and unchecked hashes', () => {
    const made = bundle(new Project(FLASK), 'main.py', {}, { runtime: runtimeOfTests() });
    const modules = describeBytecode(made);
    expect(Object.keys(modules)).toEqual(expect.arrayContaining(['main.py', 'wrapped_web_app_entry.py', 'wrapped_web_app_runtime/serve_module.py', 'flask/app.py']));
    for (const [file, found] of Object.entries(modules)) expect(found).toEqual([true, 1, `/var/task/${file}`]);
  });

  test('is the same, byte for byte, from another folder', () => {
    const written = { ...FLASK, 'requirements.txt': `${FLASK['requirements.txt']}django==5.2.8\n` };
    const [one, other] = [1, 2].map(() => bundle(new Project(written), 'main.py', {}, { runtime: runtimeOfTests() }));
    expect(one.hash).toBe(other.hash);
    expect(one.bytecode.length).toBeGreaterThan(500);
    expect(contents(one)).toEqual(contents(other));
  });

  test('does not depend on the PYTHON… environment variables', () => {
    const make = () => contents(bundle(new Project({ 'main.py': `assert True, "kept"\n${APP}`, 'struct.py': 'raise SystemExit(1)' }), 'main.py', {}, { runtime: runtimeOfTests() }));
    const plain = make();
    const variables = { PYTHONOPTIMIZE: '2', PYTHONDONTWRITEBYTECODE: '1', PYTHONPYCACHEPREFIX: scratchFolder(), PYTHONHASHSEED: '7', PYTHONHOME: '/nowhere' };
    Object.assign(process.env, variables);
    try {
      expect(make()).toEqual(plain);
      expect(plain.length).toBeGreaterThan(5);
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name];
    }
  });

  test('does not change the hash, so machines without the Python version of the function make the same asset', () => {
    const make = () => bundle(new Project({ 'main.py': APP }), 'main.py', {}, { runtime: runtimeOfTests() });
    const compiled = make();
    withoutUv(false);
    const plain = make();
    expect([compiled.bytecode.length > 5, plain.bytecode]).toEqual([true, []]);
    expect(plain.hash).toBe(compiled.hash);
    expect(plain.files).toEqual(compiled.files);
  });

  test('of which only a part fits on the disk is an error, which Python does not notice', () => {
    const directory = scratchFolder();
    writeFileSync(path.join(directory, 'large.py'), `text = ${JSON.stringify('x'.repeat(10_000))}`);
    // A Python that gives itself as its executable, and can write no file of more than 8 blocks.
    const [python, real] = [path.join(withoutUv(false), 'python3'), PYTHON.executable];
    writeProgram(python, `ulimit -f 8; [ "$2" = -c ] || exec ${real} "$@"; echo ${python}; ${real} "$@" | { read first; /bin/cat; }`);
    expect(() => compilePython(directory, PYTHON.version, () => true)).toThrow(/could be written|didn't write/);
  });

  test('is not made if the machine has only other versions of Python', () => {
    const another = lambda.Runtime.ALL.find(({ name }) => /^python3\.1[0-3]$/.test(name) && name !== `python${PYTHON.version}`)!;
    withoutUv();
    const made = bundle(new Project({ 'main.py': APP }), 'main.py', {}, { runtime: another });
    expect(readdirSync(made.directory, { recursive: true }).filter(file => /pycache/.test(String(file)))).toEqual([]);
  });

  test.each([
    [150, [`main.${TAG}.pyc`]],
    [201, undefined],
  ])('in a bundle of %d MB is %j', (megabytes, expected) => {
    const directory = scratchFolder();
    writeFileSync(path.join(directory, 'main.py'), APP);
    writeFileSync(path.join(directory, 'model.bin'), '');
    truncateSync(path.join(directory, 'model.bin'), megabytes * 1024 ** 2);
    const reason = compilePython(directory, PYTHON.version, () => true);
    expect(reason).toEqual(expected ? undefined : 'the bundle would be larger than 200 MB with all its bytecode, so that it has none for what is imported least: main');
    expect(readdirSync(path.join(directory, '__pycache__'))).toEqual(expected ?? []);
  });

  test('is kept for what is imported most, if all would be too much', () => {
    const directory = scratchFolder();
    const module = 'x = 1\n'.repeat(2000);
    const modules = { 'main.py': `import often\nimport often.x\nimport seldom\n${module}`, 'often.py': module, 'seldom.py': module };
    for (const [file, text] of Object.entries(modules)) writeFileSync(path.join(directory, file), text);
    writeFileSync(path.join(directory, 'model.bin'), '');
    spawnSync(PYTHON.executable, ['-m', 'compileall', '-q', directory]);
    const stats = readdirSync(directory, { recursive: true }).map(file => statSync(path.join(directory, String(file))));
    const used = stats.reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
    truncateSync(path.join(directory, 'model.bin'), 1024 ** 2 - used + 1);
    expect(trimBytecode(directory, 1, name => name === 'main')).toEqual(['seldom']);
    expect(readdirSync(path.join(directory, '__pycache__')).map(file => file.split('.')[0]).sort()).toEqual(['main', 'often']);
  });

  test('that is left out has a line that says why', () => {
    const another = lambda.Runtime.ALL.find(({ name }) => /^python3\.1[0-3]$/.test(name) && name !== `python${PYTHON.version}`)!;
    withoutUv();
    const stack = new cdk.Stack(new cdk.App({ outdir: scratchFolder() }), 'Stack');
    new WrappedWebApp(stack, 'Web', { entry: new Project({ 'main.py': APP }).path('main.py'), runtime: another });
    Annotations.fromStack(stack).hasInfo('/Stack/Web', Match.stringLikeRegexp(`the bundle has no bytecode, .* because this machine has no Python ${another.name.slice(6)}; install it`));
  });

  test('can be read by everyone, with any umask', () => {
    const umask = process.umask(0o077);
    try {
      const { directory } = bundle(new Project({ 'main.py': APP }), 'main.py', {}, { runtime: runtimeOfTests() });
      const modes = runPython(PYTHON.executable, ['-I', '-c', `import os; print(*(oct(os.stat(f).st_mode & 0o777) for f in ("__pycache__", "__pycache__/main.${TAG}.pyc")))`], directory);
      expect(modes.stdout.trim()).toBe('0o755 0o644');
    } finally {
      process.umask(umask);
    }
  });
});

import { mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { APP, bundle, describeBytecode, PYTHON, runtimeOfTests, withoutUv, writeProgram } from './python-project';
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
    expect(readFileSync(path.join(made.directory, '.wrapped-web-app-requirements.txt'), 'utf8')).toBe('flask==3.1.3');
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
    const made = bundle(new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3\n', 'python2.py': 'print "two"\n', 'struct.py': 'raise SystemExit(1)' }), 'main.py', {}, { runtime: runtimeOfTests() });
    const { 'python2.py': broken, ...modules } = describeBytecode(made);
    expect(broken).toBeNull();
    expect(Object.keys(modules)).toEqual(expect.arrayContaining(['main.py', 'flask/app.py', 'wrapped_web_app_runtime/serve_module.py']));
    for (const [file, found] of Object.entries(modules)) expect(found).toEqual([true, 1, `/var/task/${file}`]);
  } finally {
    delete process.env.CDK_DOCKER;
  }
}, 60_000);

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, PythonAppOptions, WrappedWebApp, WrappedWebAppProps } from '../../../../src';
import { findInterpreters, prepareUv } from '../../../lambda-runtime/python-environments';
import { Project } from '../project';
import '../../synthesis';

/** An app that answers with `MESSAGE`. */
export const WSGI = 'def app(environ, start_response):\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    return [MESSAGE]\n';
export const APP = `MESSAGE = b"hello"\n${WSGI}`;

const UV = path.dirname(prepareUv());
const PATH = process.env.PATH!;
/** The interpreter that loads the bundles in the tests. */
export const [PYTHON] = findInterpreters();

beforeEach(() => {
  process.env.PATH = `${UV}:${PATH}`;
});
afterAll(() => {
  process.env.PATH = PATH;
});

/** Sets `PATH` to a new folder, in which there is only a `python3` with pip, or nothing. */
export function withoutUv(hasPip = true): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wrapped-web-app-'));
  if (hasPip) writeProgram(path.join(folder, 'python3'), `exec ${PYTHON.executable} "$@"`);
  process.env.PATH = folder;
  return folder;
}

export function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** A bundle that would be uploaded, and the properties of its function. */
export interface PythonBundle {
  readonly hash: string;
  readonly directory: string;
  /** All files without the bytecode, which depends on the Python versions of the machine. */
  readonly files: string[];
  /** The bytecode for the Python version of the function. */
  readonly bytecode: string[];
  readonly properties: { Handler: string; Runtime: string; Environment: { Variables: Record<string, unknown> } };
}

export function bundle(project: Project, entry: string, options: PythonAppOptions = {}, props: Partial<WrappedWebAppProps> = {}): PythonBundle {
  return bundles(project, [{ entry, options, props }])[0];
}

interface PythonApp {
  readonly entry: string;
  readonly options?: PythonAppOptions;
  readonly props?: Partial<WrappedWebAppProps>;
}

export function bundles(project: Project, apps: PythonApp[]): PythonBundle[] {
  const app = new cdk.App();
  const stack = new cdk.Stack(app, 'Stack');
  const webs = apps.map(({ entry, options, props }, index) => new WrappedWebApp(stack, `Web${index || ''}`, {
    entry: AppSource.python(project.path(entry), options),
    ...props,
  }));
  const assembly = app.synth();
  const { Resources } = assembly.getStackByName('Stack').template;
  return webs.map(web => {
    const { Properties: properties } = Resources[stack.getLogicalId(web.handler.node.defaultChild as cdk.CfnElement)];
    const hash = path.parse(properties.Code.S3Key).name;
    const directory = path.join(assembly.directory, `asset.${hash}`);
    const all = (readdirSync(directory, { recursive: true }) as string[]).sort();
    const compiled = new RegExp(`(^|/)__pycache__(/[^/]*\\.${properties.Runtime.replace('python3.', 'cpython-3')}\\.pyc)?$`);
    return { hash, directory, files: all.filter(file => !compiled.test(file)), bytecode: all.filter(file => compiled.test(file) && file.endsWith('.pyc')), properties };
  });
}

/** Loads the bundle as Lambda does and answers a GET. */
export function answer({ directory, properties }: PythonBundle): string {
  const [module, name] = properties.Handler.split('.');
  const event = { httpMethod: 'GET', path: '/', headers: { host: 'example.com' } };
  const program = `import json, sys; sys.path.insert(0, "."); from ${module} import ${name}; print(json.dumps(${name}(${JSON.stringify(event)}, None)))`;
  const done = spawnSync(PYTHON.executable, ['-B', '-I', '-c', program], { cwd: directory, encoding: 'utf8', env: {} });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout).body;
}

/** The bundle runs in the interpreter of the tests, so compiled packages must be for its version. */
export function runtimeOfTests(): lambda.Runtime {
  return new lambda.Runtime(`python${PYTHON.version}`, lambda.RuntimeFamily.PYTHON);
}

const DESCRIBE = `import glob, importlib.util, json, marshal
found = {}
for file in glob.glob("**/*.py", recursive=True):
    try:
        code = open(importlib.util.cache_from_source(file), "rb").read()
        found[file] = [code[:4] == importlib.util.MAGIC_NUMBER, int.from_bytes(code[4:8], "little"), marshal.loads(code[16:]).co_filename]
    except FileNotFoundError:
        found[file] = None
print(json.dumps(found))`;

/** Runs Python, without writing bytecode. */
export function runPython(executable: string, args: string[], cwd: string): { stdout: string; stderr: string } {
  const done = spawnSync(executable, ['-B', ...args], { cwd, encoding: 'utf8', env: {} });
  if (done.status !== 0) throw new Error(done.stderr);
  return done;
}

/** For each module: whether its bytecode is for this interpreter, the kind of the bytecode (1 is an unchecked hash), and the path of the source in it. */
export function describeBytecode({ directory }: PythonBundle): Record<string, [boolean, number, string] | null> {
  return JSON.parse(runPython(PYTHON.executable, ['-I', '-c', DESCRIBE], directory).stdout);
}

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Project } from './project';
import { AppSource, PythonAppOptions, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { findInterpreters, prepareUv } from '../../lambda-runtime/python-environments';
import '../synthesis';

/** An app that answers what `MESSAGE` says. */
export const WSGI = 'def app(environ, start_response):\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    return [MESSAGE]\n';
export const APP = `MESSAGE = b"hello"\n${WSGI}`;

const UV = path.dirname(prepareUv());
const PATH = process.env.PATH!;
/** The interpreter that loads bundles here. */
export const [PYTHON] = findInterpreters();

beforeEach(() => {
  process.env.PATH = `${UV}:${PATH}`;
});
afterAll(() => {
  process.env.PATH = PATH;
});

/** A folder as the whole `PATH`, with a `python3` for pip in it, if it is to have one. */
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

/** What would be uploaded, and how the function is made. */
export interface PythonBundle {
  readonly hash: string;
  readonly directory: string;
  /** All but what is compiled, which differs with the Pythons of the machine. */
  readonly files: string[];
  /** What is compiled for the function's Python. */
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


/** The bundle runs in the tests' own interpreter, so compiled packages must be for it. */
export function runtimeOfTests(): lambda.Runtime {
  return new lambda.Runtime(`python${PYTHON.version}`, lambda.RuntimeFamily.PYTHON);
}

import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppSource, NodeAppOptions, WrappedWebApp } from '../../../../src';
import { Project } from '../project';

const [MAJOR] = process.versions.node.split('.');
const ARCHITECTURE = process.arch === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64;
const OTHER_ARCHITECTURE = process.arch === 'arm64' ? lambda.Architecture.X86_64 : lambda.Architecture.ARM_64;
const runtimeOf = (major: string | number) => new lambda.Runtime(`nodejs${major}.x`, lambda.RuntimeFamily.NODEJS);
const OTHER = runtimeOf(MAJOR === '22' ? 24 : 22);
/** What runs a command in the folder that is mounted, on this machine. */
const RUN_HERE = `for part in "$@"; do last=$part; case $part in *:/asset-output*) cd "\${part%%:*}" ;; esac; done; ${process.execPath} --no-lazy --eval "$last"`;

const { CDK_DOCKER } = process.env;
beforeEach(() => {
  process.env.CDK_DOCKER = '/no/docker';
});
afterAll(() => {
  process.env.CDK_DOCKER = CDK_DOCKER;
  if (CDK_DOCKER === undefined) delete process.env.CDK_DOCKER;
});

const LOADED = path.join(new Project({}).root, 'loaded');
const project = new Project({
  'package.json': {},
  'src/app.ts': `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(LOADED)}, ''); export default () => {};`,
});

interface Made {
  readonly hash: string;
  readonly files: string[];
  readonly read: (file: string) => string;
  readonly warnings: string[];
}

function make(options: NodeAppOptions, { runtime = OTHER, architecture = ARCHITECTURE } = {}): Made {
  const app = new cdk.App({ outdir: new Project({}).root });
  const stack = new cdk.Stack(app, 'Stack');
  new WrappedWebApp(stack, 'Web', { entry: AppSource.node(project.path('src/app.ts'), options), runtime, architecture });
  app.synth();
  const directory = readdirSync(app.outdir).find(name => /^asset\.\w+$/.test(name))!;
  return {
    hash: directory,
    files: readdirSync(path.join(app.outdir, directory, 'src')),
    read: file => readFileSync(path.join(app.outdir, directory, 'src', file), 'utf8'),
    warnings: Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('code cache')).map(({ entry }) => String(entry.data)),
  };
}

test('codeCache adds the cache, for which build of Node it is, and what loads the bundle with it, and runs nothing of the app', () => {
  dockerThat(RUN_HERE);
  const { files, read, warnings } = make({ codeCache: true });
  expect(files).toEqual(['app.cjs', 'app.cjs.cache', 'app.cjs.cache.json', 'app.cjs.map', 'app.mjs', 'wrapped-web-app-code-cache.cjs']);
  expect(JSON.parse(read('app.cjs.cache.json'))).toEqual({ node: process.versions.node, v8: process.versions.v8, architecture: process.arch });
  expect(warnings).toEqual([]);
  expect(existsSync(LOADED)).toBe(false);
});

test('the hash of the asset depends on the option, and not on the bytes of the cache', () => {
  const hashes = [make({}).hash];
  dockerThat(RUN_HERE);
  hashes.push(make({ codeCache: true }).hash);
  dockerThat(`${RUN_HERE}; echo more >> src/app.cjs.cache`);
  hashes.push(make({ codeCache: true }).hash);
  expect(hashes[1]).not.toBe(hashes[0]);
  expect(hashes[2]).toBe(hashes[1]);
});

test.each([
  ['another version of Node', { runtime: OTHER }],
  ['another architecture', { runtime: runtimeOf(Math.max(22, Number(MAJOR))), architecture: OTHER_ARCHITECTURE }],
])('a function with %s has the usual bundle and a warning, if there is no Docker', (_, target) => {
  const { files, warnings } = make({ codeCache: true }, target);
  expect(files).toEqual(['app.cjs', 'app.cjs.map', 'app.mjs']);
  expect(warnings).toEqual([expect.stringMatching(/^the bundle has no code cache: it needs Node \d+ on \w+, but Docker does not run here, .*; start Docker, or run the CDK with Node/)]);
});

test('an ES module has no cache, and a warning that says so', () => {
  const { files, warnings } = make({ codeCache: true, format: 'esm' });
  expect(files).toEqual(['app.mjs', 'app.mjs.map']);
  expect(warnings).toEqual([expect.stringContaining('set format to \'cjs\', if the app allows it')]);
});

/** A program that stands for Docker: it runs the command on this machine, in the folder that is mounted. */
function dockerThat(run: string): string {
  const file = project.path(`docker-${Math.random()}`);
  writeFileSync(file, `#!/bin/sh\n[ "$1" = version ] && exit 0\necho "$@" > ${file}.log\n${run}\n`);
  chmodSync(file, 0o755);
  process.env.CDK_DOCKER = file;
  return `${file}.log`;
}

test('with Docker, it is made in the image of the runtime, for the architecture of the function', () => {
  const log = dockerThat(RUN_HERE);
  const { files, warnings } = make({ codeCache: true }, { architecture: OTHER_ARCHITECTURE });
  expect(warnings).toEqual([]);
  expect(files).toContain('app.cjs.cache');
  const command = readFileSync(log, 'utf8');
  expect(command).toContain(`--platform ${OTHER_ARCHITECTURE.dockerPlatform}`);
  expect(command).toContain(`sam/build-${OTHER.name} node --no-lazy --eval`);
});

test('where Docker fails, the warning says so', () => {
  dockerThat('exit 1');
  expect(make({ codeCache: true }).warnings).toEqual([expect.stringMatching(/Docker could not make it/)]);
});

test('a function on Node 20 has no cache, and a warning that says so', () => {
  dockerThat(RUN_HERE);
  const { files, warnings } = make({ codeCache: true }, { runtime: runtimeOf(20) });
  expect(files).toEqual(['app.cjs', 'app.cjs.map', 'app.mjs']);
  expect(warnings).toEqual([expect.stringContaining('it needs Node 22 or later')]);
});

(Number(MAJOR) < 22 ? test.skip : test)('without Docker, the Node that runs the CDK makes it, if it is the one of the function', () => {
  const { files, warnings } = make({ codeCache: true }, { runtime: runtimeOf(MAJOR) });
  expect(warnings).toEqual([]);
  expect(files).toContain('app.cjs.cache');
});

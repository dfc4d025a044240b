import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { arch, versions } from 'node:process';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PACKAGE_ROOT } from '../package-root';

/** The program that makes and uses the cache. It lies beside the bundle. */
const PROGRAM = 'wrapped-web-app-code-cache.cjs';

const MOUNTED = '/asset-output';

/** The architectures of Lambda, as Node calls them. */
const ARCHITECTURES: Record<string, string> = { x86_64: 'x64', arm64: 'arm64' };

/** A `.gitignore` pattern for caches. Two machines may make different bytes of the same bundle, so these are not part of the asset's hash. */
export const CODE_CACHES = '**/*.cjs.cache';

/** The function that the cache is for. */
export interface CodeCacheTarget {
  /** The major version of Node. */
  readonly nodeVersion: string;
  readonly runtime: lambda.Runtime;
  readonly architecture: lambda.Architecture;
}

/**
 * Makes V8's code cache for a bundle, and has the bundle loaded with it. None of the app's code runs. Without a Node that fits, there is a
 * warning, and the bundle stays as it is.
 *
 * @param bundle the path of the bundle in the asset, without its extension
 */
export function makeCodeCache(scope: Construct, directory: string, bundle: string, target: CodeCacheTarget): void {
  const file = path.join(directory, `${bundle}.cjs`);
  if (!existsSync(file)) {
    return warn(scope, 'the app is bundled as an ES module, which V8\'s cache is not for; set format to \'cjs\', if the app allows it');
  }
  if (Number(target.nodeVersion) < 22) return warn(scope, `it needs Node 22 or later, and the function runs on Node ${target.nodeVersion}`);
  const program = path.join(path.dirname(file), PROGRAM);
  copyFileSync(path.join(PACKAGE_ROOT, 'lib/lambda-runtime/node/code-cache.cjs'), program);
  const problem = compile(directory, bundle, target);
  if (problem !== undefined) {
    for (const each of [program, `${file}.cache`, `${file}.cache.json`]) rmSync(each, { force: true });
    return warn(scope, problem);
  }
  const { v8 } = JSON.parse(readFileSync(`${file}.cache.json`, 'utf8'));
  writeFileSync(path.join(directory, `${bundle}.mjs`), frontModule(path.basename(file), v8));
}

/**
 * The ES module that Lambda loads, as without a cache. After an update of Lambda's Node it finds out by itself that the cache is of
 * another version of V8, since to load the program that would say so takes longer.
 */
function frontModule(bundleFile: string, v8: string): string {
  return [
    "import { createRequire } from 'node:module';",
    'const require = createRequire(import.meta.url);',
    `const file = require.resolve(${JSON.stringify(`./${bundleFile}`)});`,
    `if (process.versions.v8 === ${JSON.stringify(v8)}) require(${JSON.stringify(`./${PROGRAM}`)}).useCodeCache(file);`,
    "else console.debug('[wrapped-web-app] code cache: not used, another build of Node made it');",
    'export const handler = await require(file).handler;',
    '',
  ].join('\n');
}

/** @returns why there is no cache, or undefined */
function compile(directory: string, bundle: string, { nodeVersion, runtime, architecture }: CodeCacheTarget): string | undefined {
  const call = `require(${JSON.stringify(`./${path.posix.join(path.posix.dirname(bundle), PROGRAM)}`)}).writeCodeCache(${JSON.stringify(`./${bundle}.cjs`)})`;
  const command = ['--no-lazy', '--eval', call];
  let problem = 'Docker does not run here';
  if (hasDocker()) {
    try {
      // The image has Lambda's own build of Node, the only one whose cache is certain to be used.
      runtime.bundlingImage.run({
        command: ['node', ...command],
        volumes: [{ hostPath: directory, containerPath: MOUNTED }],
        workingDirectory: MOUNTED,
        platform: architecture.dockerPlatform,
        user: process.getuid ? `${process.getuid()}:${process.getgid!()}` : undefined,
      });
      return undefined;
    } catch (error) {
      problem = `Docker could not make it (${(error as Error).message.split('\n')[0]})`;
    }
  }
  if (versions.node.split('.')[0] !== nodeVersion || arch !== ARCHITECTURES[architecture.name]) {
    return `it needs Node ${nodeVersion} on ${architecture.name}, but ${problem}, and the CDK runs on Node ${versions.node} on ${arch}; `
      + `start Docker, or run the CDK with Node ${nodeVersion} on ${architecture.name}`;
  }
  const { NODE_OPTIONS, ...env } = process.env;
  const { status, stderr, error } = spawnSync(process.execPath, command, { cwd: directory, env, encoding: 'utf8' });
  return status === 0 ? undefined : `Node could not make it: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
}

function hasDocker(): boolean {
  return spawnSync(process.env.CDK_DOCKER ?? 'docker', ['version'], { stdio: 'ignore' }).status === 0;
}

function warn(scope: Construct, problem: string): void {
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:code-cache', `the bundle has no code cache: ${problem}`);
}

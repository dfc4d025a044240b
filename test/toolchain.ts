/**
 * Node and AWS's runtime client, for tests that need other versions than the one that runs Jest.
 *
 * @slow installs versions of Node, and compiles AWS's runtime client
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** The versions of Node that the runtime supports; 20 is the one that runs the tests, where it is 20. */
export type NodeVersion = '20' | '22' | '24';
export const NODE_VERSIONS: readonly NodeVersion[] = ['20', '22', '24'];

/** How long `install` may take the first time, in milliseconds. */
export const INSTALLATION_TIME = 600_000;

/** The path of a Node binary of this version, or undefined where the tests run on another 20. Installs it where it is missing. */
export function nodeBinary(version: NodeVersion): string | undefined {
  if (process.versions.node.startsWith(`${version}.`)) {
    return process.execPath;
  }
  return version === '20' ? undefined : join(installed(`node${version}`), 'node/bin/node');
}

/** The path of a binary of the lowest version of Node that package.json's `engines` allows. */
export function lowestNodeBinary(): string {
  return join(installed('node-lowest'), 'node/bin/node');
}

/** The versions of Node that there are to run the tests on. */
export function installedNodes(): { version: NodeVersion; binary: string }[] {
  return NODE_VERSIONS.flatMap((version) => {
    const binary = nodeBinary(version);
    return binary === undefined ? [] : [{ version, binary }];
  });
}

/**
 * The main file of AWS's Node Runtime Interface Client, to be given to a Node binary with the handler's name. Version 4 is for Node 24, and
 * earlier runtimes have version 3, which loads handlers in another way and listens for exceptions itself.
 */
export function runtimeInterfaceClient(version: NodeVersion = '24'): string {
  return version === '24' ? join(installed('runtime-client'), 'aws-lambda-ric/index.mjs') : join(installed('runtime-client-3'), 'aws-lambda-ric/bin/index.mjs');
}

/** The folder with the SDK that Lambda's Node runtime has, and that a custom resource of the CDK loads. */
export function lambdaSdk(): string {
  return installed('lambda-sdk');
}

function installed(tool: string): string {
  const child = spawnSync(process.execPath, [join(ROOT, 'scripts/install-test-toolchain.mjs'), tool], { encoding: 'utf8' });
  if (child.status !== 0) {
    throw new Error(child.stderr);
  }
  return join(ROOT, '.cache/toolchain', tool, 'node_modules');
}

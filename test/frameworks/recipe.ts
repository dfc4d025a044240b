import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as ts from 'typescript';
import { pageOf } from './site';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { AppSource, FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../src';
import { scratchFolder } from '../src/synthesis';

/** The first lines of TypeScript on the page: those of the stack. */
export function linesOf(framework: string): string {
  const [, lines] = /^```ts\n([^]*?)^```$/m.exec(readFileSync(pageOf(framework), 'utf8')) ?? [];
  if (!lines?.includes('new WrappedWebApp(this,')) throw new Error(`${pageOf(framework)} does not begin with the lines of a stack`);
  return lines;
}

/** Linux can make a folder read-only for one process. Elsewhere the sites are compared on a disk that they can write to. */
const WRAPPER = path.join(__dirname, 'read-only.sh');
export const diskIsReadOnly = spawnSync(WRAPPER, ['sh', '-c', '! touch read-only-test'], { cwd: scratchFolder() }).status === 0;
if (!diskIsReadOnly) {
  console.warn('the code of the functions is not read-only here: unshare --map-root-user --mount does not work on this machine');
}

/**
 * Runs the lines of a stack in the folder of the site, once in a stack of its own for each front door, and returns the cloud assembly.
 * Only the front door and the response mode are set from outside, variables of the environment, and that the disk is read-only, as on Lambda.
 */
export function synthesizeLines(
  lines: string,
  folder: string,
  frontDoors: readonly FrontDoorName[],
  responseStreaming: boolean,
  variables: Record<string, string> = {},
): string {
  const outdir = scratchFolder();
  const app = new cdk.App({ outdir });
  const code = ts.transpile(lines.replace(/^import .*\n/gm, ''), { target: ts.ScriptTarget.ES2022 });
  const directory = process.cwd();
  process.chdir(folder);
  try {
    for (const frontDoor of frontDoors) {
      class Behind extends WrappedWebApp {
        constructor(scope: cdk.Stack, id: string, props: WrappedWebAppProps) {
          const environment = { ...props.environment, ...variables, ...diskIsReadOnly && { AWS_LAMBDA_EXEC_WRAPPER: WRAPPER } };
          super(scope, id, { ...props, frontDoor, responseStreaming, environment });
        }
      }
      const stack = new cdk.Stack(app, frontDoor);
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      new Function('cdk', 'AppSource', 'FrontDoor', 'WrappedWebApp', code).call(stack, cdk, AppSource, FrontDoor, Behind);
    }
    app.synth();
  } finally {
    process.chdir(directory);
  }
  return outdir;
}

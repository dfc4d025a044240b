import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import type { EsbuildJob } from './run-esbuild';
import { PACKAGE_ROOT } from '../package-root';

/**
 * Runs esbuild and waits for it, because bundling in the CDK is synchronous and esbuild's plugins are not.
 * Returns its warnings for the user, and throws when the user's sources cannot be bundled.
 */
export type EsbuildRunner = (job: EsbuildJob) => string;

/** Runs esbuild in a process of its own, which cannot take the synth with it. */
export function runInProcess(job: EsbuildJob): string {
  const child = spawnSync(process.execPath, [path.join(PACKAGE_ROOT, 'lib/bundling/node/run-esbuild.js')], {
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (child.error) throw new Error(`cannot start Node: ${child.error.message}`);
  if (child.status !== 0) throw new Error(child.stderr.trim() || `the bundler ended with ${child.signal ?? child.status}`);
  return child.stderr;
}

import { Construct } from 'constructs';

/** Tells who waits what takes so long. Logs of continuous integration stay short. */
export function sayProgress(scope: Construct, text: string): void {
  if (!process.env.CI) process.stderr.write(`${scope.node.path}: ${text}\n`);
}

import type { Agent } from 'node:http';
import type { LambdaStream } from './streamed-reply';

/**
 * Gives streamed responses of one thread a connection each. AWS's runtime client sends them through a single one, so each would wait
 * for the end of all that began before it: one that hangs would keep the others until its deadline.
 *
 * The stream hides the request that it writes to, but its `on` returns it. Where that is no longer so, nothing is changed.
 */
export function unshareConnection(stream: LambdaStream): void {
  const agent = (stream.on('close', () => undefined) as { agent?: Agent } | undefined)?.agent;
  if (agent?.maxSockets === 1) {
    agent.maxSockets = Infinity;
  }
}

import { spawnSync } from 'node:child_process';

/** The processes that a process has started, and those have, also in other process groups. */
export function descendantsOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const parents = (stdout ?? '').trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  // The list grows while it is read.
  for (const parent of found) found.push(...parents.filter(([, of]) => of === parent).map(([child]) => child));
  return found.slice(1);
}

import { spawnSync } from 'node:child_process';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  /** What the command wrote to stderr, without control characters, or why it could not be started. */
  readonly output: string;
}

/** Runs a command to its end. */
export function run(command: string[], args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Finished {
  const [program, ...first] = command;
  const done = spawnSync(program, [...first, ...args], { cwd: options.cwd, env: options.env ?? process.env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status: done.status, stdout: done.stdout ?? '', output: done.error ? done.error.message : withoutControls(done.stderr).trim() };
}

/** Whether a command is on PATH and works. */
export function exists(command: string[]): boolean {
  return run(command, ['--version']).status === 0;
}

function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

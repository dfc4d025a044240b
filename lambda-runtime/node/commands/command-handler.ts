import { runProgram } from './run-program';
import { COMMAND_VARIABLE } from '../settings/contract';

/** What the invocation of a command returns. A command that fails fails the invocation instead. */
export interface CommandResult {
  readonly exitCode: 0;
  readonly durationMs: number;
  /** What the command wrote to its standard output and standard error: the last megabyte. The log has all of it. */
  readonly output: string;
  /** How many bytes come before `output`. */
  readonly omittedBytes: number;
}

/** Fails the invocation, and with it a deployment or a schedule's delivery. */
class CommandFailed extends Error {
  public override readonly name = 'CommandFailed';

  constructor(message: string) {
    super(message);
    // The frames of this file say nothing about the command, and AWS's trigger would repeat the message with them.
    this.stack = '';
  }
}

/**
 * The Lambda handler of a command: runs the program that the construct wrote into the function's environment, with the
 * event's `args` after its own arguments.
 *
 * @throws CommandFailed if the program cannot be started, ends with another status than 0, or needs longer than the function has
 */
export async function handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<CommandResult> {
  const words = [...commandOf(process.env[COMMAND_VARIABLE]), ...argsOf(event)];
  const began = Date.now();
  const { failure, output } = await runProgram(words, context.getRemainingTimeInMillis(), (line) => console.log(line));
  const durationMs = Date.now() - began;
  const name = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
  if (failure !== undefined) {
    throw new CommandFailed(`the command ${name} ${failure}${output.lastLines()}`);
  }
  console.log(`[wrapped-web-app] the command ${name} succeeded after ${durationMs} ms`);
  return { exitCode: 0, durationMs, output: output.text(), omittedBytes: output.omittedBytes };
}

function commandOf(text: string | undefined): string[] {
  if (text === undefined) {
    throw new CommandFailed(`${COMMAND_VARIABLE} is not set; WebAppCommand sets it, so deploy the stack again`);
  }
  return JSON.parse(text);
}

/** Events of schedules have other fields, and AWS's trigger sends none at all. */
function argsOf(event: unknown): string[] {
  const args: unknown = (event as { args?: unknown } | null | undefined)?.args ?? [];
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) {
    throw new CommandFailed(`args must be a list of strings, e.g. {"args": ["--plan"]}, got ${JSON.stringify(args)}`);
  }
  return args;
}

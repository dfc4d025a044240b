import { constants } from 'node:os';
import * as path from 'node:path';
import { readCloudAssembly, SynthesizedStack } from './assembly/cloud-assembly';
import { findCommandFunctions } from './assembly/command-functions';
import { EnvironmentFile } from './assembly/environment-file';
import { StackOutputs } from './assembly/outputs-file';
import { placeCode } from './assembly/place-code';
import { WebAppFunction } from './assembly/web-app-functions';
import { descendantsOf } from './lambda/descendants';
import { describeCredentials, inheritedVariables } from './lambda/inherited-variables';
import { FailedOutcome } from './lambda/invocation-outcome';
import { LambdaEnvironment } from './lambda/lambda-environment';
import { RuntimeCommands } from './lambda/runtime-commands';
import { Workspace } from './workspace';

export interface RunOptions {
  /** The folder that `cdk synth` wrote. */
  readonly assembly: string;
  /** The construct path of the command, or its last part. */
  readonly name: string;
  /** They come after those of the command. */
  readonly args: readonly string[];
  readonly environmentFile: EnvironmentFile;
  readonly outputs: StackOutputs;
  /** Whether the command gets the AWS credentials of this process. */
  readonly credentials: boolean;
  /** The folder of the bundled runtime clients. Default: this file's folder. */
  readonly programDirectory?: string;
  /** Takes each line that the command writes. */
  out(line: string): void;
  /** Takes what is said about the command. */
  error(line: string): void;
}

export interface RunningCommand {
  /** Resolves with its exit code, when it has ended. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

/** The program that the shell says it could not find, and the one that ran out of time: as `sh` and `timeout` do. */
const NOT_STARTED = 127;
const TIMED_OUT = 124;

/**
 * Runs a command in a process like that of its function: the handler that a deployment would have starts its program.
 *
 * @throws when there is no such command, or it cannot run on this machine
 */
export async function runAppCommand(options: RunOptions): Promise<RunningCommand> {
  const { assembly, environmentFile, outputs, credentials, programDirectory = __dirname } = options;
  const { stacks, notices } = readCloudAssembly(assembly, outputs);
  const command = choose(stacks, environmentFile, options);
  if (command.problems.length > 0) throw new Error(command.problems.join('\n'));
  for (const notice of notices) options.error(notice);
  const source = describeCredentials(process.env);
  if (credentials && source) options.error(`the command uses your AWS credentials, ${source}; --no-credentials keeps them from it`);
  const program = new RuntimeCommands(programDirectory, options.error);
  const workspace = Workspace.create();
  try {
    const code = command.code!;
    const codeDirectory = workspace.folderFor(code.kind === 'inline' ? path.resolve(assembly) : code.path);
    await placeCode(code, codeDirectory);
    const errors: string[] = [];
    const environment = new LambdaEnvironment({
      // In the log of a function each line of the output would be an object.
      webApp: { ...command, jsonLogLevel: undefined },
      codeDirectory,
      inherited: inheritedVariables(process.env, credentials),
      command: program.commandFor(command, codeDirectory),
      log: options.error,
      rewriteLine: (line) => workspace.showOriginals(line),
      onGone: () => undefined,
    });
    const stop = async (): Promise<void> => {
      // The program has a process group of its own, which would outlive that of the handler.
      const started = environment.pid === undefined ? [] : descendantsOf(environment.pid);
      await environment.stop();
      started.forEach(kill);
      workspace.remove();
    };
    const run = async (): Promise<number> => {
      const outcome = await environment.invoke({ args: options.args }, () => undefined, {
        started: () => undefined,
        // The handler writes to the standard output what the command wrote to either.
        printed: (line, isError) => (isError ? errors.push(line) : options.out(line)),
      });
      await stop();
      if (outcome.kind !== 'error') return 0;
      options.error(describe(command, outcome, errors));
      return exitCodeOf(outcome);
    };
    return { ended: run(), stop };
  } catch (error) {
    workspace.remove();
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function choose(stacks: readonly SynthesizedStack[], environmentFile: EnvironmentFile, { assembly, name }: RunOptions): WebAppFunction {
  const commands = stacks.flatMap((stack) => findCommandFunctions(stack, environmentFile));
  const named = commands.filter(({ appPath }) => appPath === name);
  const found = named.length > 0 ? named : commands.filter(({ appPath }) => appPath.endsWith(`/${name}`));
  if (found.length === 1) return found[0];
  if (commands.length === 0) throw new Error(`${assembly} has no command: no function with the variable WRAPPED_WEB_APP_COMMAND in ${stacks.map((stack) => stack.path).join(', ')}; add a WebAppCommand`);
  const [problem, listed] = found.length === 0
    ? [`no command is called '${name}'; there are:`, commands]
    : [`several commands are called '${name}'; use the path of one of them:`, found];
  throw new Error([problem, ...listed.map(({ appPath }) => `  ${appPath}`)].join('\n'));
}

/** Its last lines are left out, since all of them were printed. */
function describe({ appPath }: WebAppFunction, { errorType, errorMessage }: FailedOutcome, errors: readonly string[]): string {
  if (errorType === 'CommandFailed') return `${appPath}: ${errorMessage.split('\n')[0].replace(/; (?:the log has its whole output, which ends with:|it wrote nothing)$/, '')}`;
  return [...errors, `${appPath}: ${errorType}: ${errorMessage}`].join('\n');
}

/** The handler says in its message how the program has ended. */
function exitCodeOf({ errorType, errorMessage }: FailedOutcome): number {
  if (errorType !== 'CommandFailed') return 1;
  const [, code, signal, other] = / (?:ended with exit code (\d+)|was ended by the signal (SIG\w+)|(could not be started|was stopped after))(?=[;: ]|$)/m.exec(errorMessage) ?? [];
  if (code !== undefined) return Number(code);
  if (signal !== undefined) return 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
  return other === undefined ? 1 : other === 'was stopped after' ? TIMED_OUT : NOT_STARTED;
}

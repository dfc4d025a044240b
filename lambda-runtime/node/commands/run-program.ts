import { ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { Output } from './output';
import { OutputFile } from './output-file';

/** How a program ended: `failure` says why it did not succeed, as the rest of a sentence that begins with its name. */
export interface ProgramEnd {
  readonly failure?: string;
  readonly output: Output;
}

/** The part of the time that is left for a program that is asked to end, and for the answer; and the most of it. */
const GRACE = 0.2;
const GRACE_MS = 5_000;
/** How often it is looked for new output. */
const LOOK_MS = 100;

/**
 * Runs a program in the folder of the app, without a shell and without standard input.
 *
 * @param remainingMs the time until Lambda ends the function
 * @param log is called with each line of the output
 */
export function runProgram([program, ...args]: readonly string[], remainingMs: number, log: (line: string) => void): Promise<ProgramEnd> {
  const output = new Output(log);
  const file = new OutputFile();
  const isNode = program === 'node';
  const child = spawn(isNode ? process.execPath : program, isNode ? ['--enable-source-maps', ...withExtension(args)] : args, {
    env: { ...process.env, PATH: pathWithPackages() },
    stdio: ['ignore', file.descriptor, file.descriptor],
    // A process group of its own, which can be ended with all that the program has started.
    detached: true,
  });
  return new Promise((resolve) => {
    const grace = Math.min(GRACE_MS, remainingMs * GRACE);
    let isStopped = false;
    let hasEnded = false;
    const end = (failure?: string) => {
      if (hasEnded) {
        return;
      }
      hasEnded = true;
      [stop, kill, giveUp].forEach(clearTimeout);
      clearInterval(look);
      signalGroup(child, 'SIGKILL');
      file.readInto(output);
      file.close();
      output.end();
      resolve({ failure, output });
    };
    const timeIsUp = () => end(`was stopped after ${((remainingMs - grace) / 1000).toFixed(1)} s, shortly before the function's timeout; `
      + 'set timeout to a longer time, at most 15 minutes');
    const look = setInterval(() => file.readInto(output), LOOK_MS);
    const stop = setTimeout(() => {
      isStopped = true;
      signalGroup(child, 'SIGTERM');
    }, remainingMs - grace);
    const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), remainingMs - grace / 2);
    const giveUp = setTimeout(timeIsUp, remainingMs - grace / 4);
    child.on('error', (error: NodeJS.ErrnoException) => end(`could not be started: ${reasonOf(error, program)}`));
    child.on('exit', (code, signal) => {
      if (isStopped) {
        timeIsUp();
      } else {
        end(code === 0 ? undefined : signal === null ? `ended with exit code ${code}` : `was ended by the signal ${signal}`);
      }
    });
  });
}

/** A bundled script has the extension of its module format, which is not known when the stack is synthesized. */
function withExtension(args: readonly string[]): string[] {
  const [script, ...others] = args;
  if (script === undefined || script.startsWith('-') || existsSync(script)) {
    return [...args];
  }
  const extension = ['.mjs', '.cjs', '.js'].find((each) => existsSync(script + each)) ?? '';
  return [script + extension, ...others];
}

/** As npm does it for scripts: the commands of installed packages are found by their names. */
function pathWithPackages(): string {
  return [path.resolve('node_modules/.bin'), process.env.PATH].filter(Boolean).join(path.delimiter);
}

function reasonOf(error: NodeJS.ErrnoException, program: string): string {
  switch (error.code) {
    case 'ENOENT':
      return program.includes('/')
        ? `there is no file ${program} in the code of the function; add it to assets of the app`
        : `there is no program ${program} on Lambda or in node_modules/.bin of the code; add its package to nodeModules of the app, `
          + 'or run a file of the app, as in [\'node\', \'migrate.js\']';
    case 'EACCES':
      return `${program} is not executable; name the program that runs it, as in ['sh', 'migrate.sh']`;
    default:
      return error.message;
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, signal);
    }
  } catch {
    // All have ended.
  }
}

import { ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../../local/free-port';
import { prepareEmulator } from '../python-environments';

const WAIT_MS = 20_000;

/** A request, with times in milliseconds. */
export interface Timeline {
  readonly body: string;
  /** When the function had answered and asked for its next event, after the emulator gave it this one. */
  readonly runtimeDone: number;
  /** When the function and its extensions had asked for the next event, so that Lambda would freeze the environment; as `runtimeDone`. */
  readonly ended: number;
  /** When the work was done, as the app says, after the client had sent the request. */
  readonly workDone: number | undefined;
  /** When the client had the response, after it had sent the request. The emulator gives it out when the invocation has ended. */
  readonly clientWhole: number;
}

/**
 * AWS's Runtime Interface Emulator, which has the parts of Lambda that run in each environment.
 *
 * @see https://github.com/aws/aws-lambda-runtime-interface-emulator
 */
export class Emulator {
  public static async start(command: readonly string[], directory: string, handler: string, variables: NodeJS.ProcessEnv): Promise<Emulator> {
    const [door, api] = await Promise.all([freePort(), freePort()]);
    const addresses = ['--runtime-interface-emulator-address', `127.0.0.1:${door}`, '--runtime-api-address', `127.0.0.1:${api}`];
    const child = spawn(prepareEmulator(), [...addresses, '--log-level', 'info', ...command, handler], {
      cwd: directory,
      detached: true,
      env: {
        PATH: process.env.PATH,
        AWS_LAMBDA_FUNCTION_NAME: 'app',
        AWS_LAMBDA_FUNCTION_TIMEOUT: '10',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/app',
        AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
        LAMBDA_TASK_ROOT: directory,
        _HANDLER: handler,
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const emulator = new Emulator(child, `http://127.0.0.1:${door}/2015-03-31/functions/function/invocations`);
    await listens(door);
    return emulator;
  }

  private output = '';

  private constructor(private readonly child: ChildProcess, private readonly url: string) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk;
      });
    }
  }

  public get log(): string {
    return this.output;
  }

  /** One at a time: the emulator has no more. */
  public async invoke(event: unknown): Promise<Timeline> {
    const before = this.output.length;
    const began = Date.now();
    const response = await fetch(this.url, { method: 'POST', body: JSON.stringify(event) });
    const result = await response.text();
    const clientWhole = Date.now() - began;
    const [, ended] = await this.logged(/REPORT RequestId: .*?\tDuration: ([\d.]+) ms/, before);
    const [, runtimeDone] = await this.logged(/INVOKE RTDONE\(status: success, .*duration: ([\d.]+)ms\)/, before);
    const done = / is done at (\d+)/.exec(this.output.slice(before))?.[1];
    // A streamed response arrives as the function has posted it: its head, NULs, its body.
    const body = result.includes('\0') ? result.split('\0').at(-1)! : JSON.parse(result).body;
    const workDone = done === undefined ? undefined : Number(done) - began;
    return { body, runtimeDone: Number(runtimeDone), ended: Number(ended), workDone, clientWhole };
  }

  public close(): void {
    try {
      process.kill(-this.child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }

  private async logged(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (let waited = 0; waited < WAIT_MS; waited += 10) {
      const found = pattern.exec(this.output.slice(from));
      if (found) return found;
      await setTimeout(10);
    }
    throw new Error(`the emulator has not logged ${pattern} within ${WAIT_MS / 1000} seconds, but:\n${this.output.slice(from)}`);
  }
}

async function listens(port: number): Promise<void> {
  for (let waited = 0; waited < WAIT_MS; waited += 20) {
    const isConnected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).on('error', () => resolve(false));
    });
    if (isConnected) return;
    await setTimeout(20);
  }
  throw new Error(`the emulator does not listen on port ${port} after ${WAIT_MS / 1000} seconds`);
}

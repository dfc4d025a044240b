import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebAppFunction } from './assembly/web-app-functions';
import { InvocationOutcome } from './front-doors/front-door';
import { newTraceId } from './front-doors/request-parts';
import { PendingInvocation, RuntimeApi } from './runtime-api';
import { Terminal } from './terminal';

/** How long a function may take to load, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_TIMEOUT_MS = 10_000;

/** Passed on from the shell, so that the app reaches the same AWS account; nothing else of the shell is. */
const INHERITED = /^(PATH|HOME|TMPDIR|SYSTEMROOT|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CA_BUNDLE|ENDPOINT_URL.*))$/;

/**
 * One execution environment of a function: a process of its own that handles one invocation at a time.
 * It is gone after a crash or a timeout.
 */
export class LambdaEnvironment {
  private readonly runtimeApi = new RuntimeApi((outcome) => this.end(outcome), () => clearTimeout(this.timer));
  private readonly started: Promise<void>;
  private process?: ChildProcess;
  private pending?: { readonly settle: (outcome: InvocationOutcome) => void; readonly onEnd: () => void };
  private timer?: NodeJS.Timeout;
  private failure?: InvocationOutcome;
  private stopping = false;

  /**
   * @param command the program that runs the function's code, and its arguments
   * @param onGone called once, when the process has ended
   */
  constructor(
    private readonly webApp: WebAppFunction,
    private readonly terminal: Terminal,
    private readonly command: readonly string[],
    private readonly onGone: () => void,
    private readonly initTimeoutMs = INIT_TIMEOUT_MS,
  ) {
    this.started = this.start();
  }

  /**
   * Runs the function on an event.
   *
   * @param onEnd called when the environment may take another event
   */
  async invoke(event: object, onEnd: () => void): Promise<InvocationOutcome> {
    const outcome = new Promise<InvocationOutcome>((resolve) => {
      this.pending = { settle: resolve, onEnd };
    });
    await this.started;
    if (this.failure) {
      this.settle(this.failure);
      return outcome;
    }
    this.runtimeApi.invoke(this.toPendingInvocation(event));
    return outcome;
  }

  /** Ends the process, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    this.runtimeApi.stop();
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  private toPendingInvocation(event: object): PendingInvocation {
    const timeoutMs = this.webApp.timeout * 1000;
    return {
      event: JSON.stringify(event),
      functionArn: this.webApp.arn,
      timeoutMs,
      traceId: newTraceId(new Date()),
      onStart: () => this.limit(timeoutMs, 'Sandbox.Timedout', `Task timed out after ${this.webApp.timeout.toFixed(2)} seconds`),
      onOutcome: (outcome) => this.pending?.settle(outcome),
      onEnd: () => {
        clearTimeout(this.timer);
        const pending = this.pending;
        this.pending = undefined;
        pending?.onEnd();
      },
    };
  }

  private async start(): Promise<void> {
    const address = await this.runtimeApi.start();
    if (this.stopping) return;
    const [command, ...args] = this.command;
    const child = spawn(command, args, {
      cwd: this.webApp.codeDirectory,
      env: this.environment(address),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.terminal.out(`[${this.webApp.appPath}] ${line}`));
    createInterface({ input: child.stderr }).on('line', (line) => this.terminal.error(`[${this.webApp.appPath}] ${line}`));
    child.on('error', (error) => this.end({ kind: 'error', errorType: 'Runtime.ExitError', errorMessage: `cannot start ${command}: ${error.message}` }));
    child.on('exit', (code, signal) => this.end({
      kind: 'error',
      errorType: 'Runtime.ExitError',
      errorMessage: `the function's process ended with ${signal ?? `code ${code}`}`,
    }));
    const initMs = this.initTimeoutMs + this.webApp.timeout * 1000;
    this.limit(initMs, 'Sandbox.Timedout', `the function did not finish loading within ${initMs / 1000} seconds`);
  }

  private limit(milliseconds: number, errorType: string, errorMessage: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end({ kind: 'error', errorType, errorMessage }), milliseconds);
  }

  /** The environment is of no use any more: whoever waits is told why. */
  private end(outcome: InvocationOutcome): void {
    if (this.failure) return;
    this.failure = outcome;
    const unnoticed = !this.pending && !this.stopping && outcome.kind === 'error';
    if (unnoticed) {
      this.terminal.error(`[${this.webApp.appPath}] ${outcome.errorType}: ${outcome.errorMessage}`);
    }
    void this.stop();
    this.settle(outcome);
    this.onGone();
  }

  private settle(outcome: InvocationOutcome): void {
    const pending = this.pending;
    this.pending = undefined;
    pending?.settle(outcome);
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
  private environment(runtimeApiAddress: string): NodeJS.ProcessEnv {
    const { webApp } = this;
    return {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED.test(name))),
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      AWS_REGION: webApp.region,
      AWS_DEFAULT_REGION: webApp.region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${webApp.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: webApp.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(webApp.memorySize),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${webApp.name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: '[$LATEST]served-on-this-machine',
      AWS_LAMBDA_RUNTIME_API: runtimeApiAddress,
      LAMBDA_TASK_ROOT: webApp.codeDirectory,
      _HANDLER: webApp.handler,
      ...webApp.environment,
    };
  }
}

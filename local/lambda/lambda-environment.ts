import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { FailedOutcome, InvocationOutcome, parseError, toOutcome } from './invocation-outcome';
import { RuntimeApiServer } from './runtime-api-server';
import { newTraceId } from './trace-id';
import { WebAppFunction } from '../assembly/web-app-functions';
import { Terminal } from '../terminal';

/** How long a function may take to load, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_TIMEOUT_MS = 10_000;

/** The only variables of the shell that the function gets, so that it uses the same AWS account. */
const INHERITED = /^(PATH|HOME|TMPDIR|SYSTEMROOT|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CA_BUNDLE|ENDPOINT_URL.*))$/;

export interface LambdaEnvironmentOptions {
  readonly webApp: WebAppFunction;
  readonly terminal: Terminal;
  /** The program that runs the function's code, and its arguments. */
  readonly command: readonly string[];
  /** Default: Lambda's 10 seconds. */
  readonly initTimeoutMs?: number;
  /** Called once, when the process has ended. */
  onGone(): void;
}

/**
 * One execution environment of a function: a process of its own that handles one invocation at a time.
 * It ends with a crash or a timeout.
 */
export class LambdaEnvironment {
  private readonly started: Promise<void>;
  private runtimeApi?: RuntimeApiServer;
  private process?: ChildProcess;
  private pending?: { readonly settle: (outcome: InvocationOutcome) => void; readonly onEnd: () => void };
  private timer?: NodeJS.Timeout;
  private failure?: FailedOutcome;
  private stopping = false;

  constructor(private readonly options: LambdaEnvironmentOptions) {
    this.started = this.start();
  }

  /**
   * Runs the function on an event.
   *
   * @param onEnd called when the environment can take another event
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
    this.handOver(event);
    return outcome;
  }

  /** Ends the process, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    this.runtimeApi?.close();
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  private handOver(event: object): void {
    const { webApp } = this.options;
    const timeoutMs = webApp.timeout * 1000;
    this.runtimeApi!.invoke({
      event: JSON.stringify(event),
      timeoutMs,
      headers: { 'invoked-function-arn': webApp.arn, 'trace-id': newTraceId(new Date()) },
      onStart: () => this.limit(timeoutMs, `Task timed out after ${webApp.timeout.toFixed(2)} seconds`),
      onAnswer: (answer) => this.pending?.settle(toOutcome(answer)),
      onEnd: () => {
        clearTimeout(this.timer);
        const pending = this.pending;
        this.pending = undefined;
        pending?.onEnd();
      },
    });
  }

  private async start(): Promise<void> {
    const { webApp, terminal, command: [program, ...args], initTimeoutMs = INIT_TIMEOUT_MS } = this.options;
    this.runtimeApi = await RuntimeApiServer.start({
      // The function has loaded. It may wait for an event without a limit.
      onNext: () => clearTimeout(this.timer),
      onInitError: (error) => this.end(parseError(error.body)),
    });
    if (this.stopping) {
      this.runtimeApi.close();
      return;
    }
    const child = spawn(program, args, {
      cwd: webApp.codeDirectory,
      env: this.environment(this.runtimeApi.address),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    createInterface({ input: child.stdout }).on('line', (line) => terminal.out(`[${webApp.appPath}] ${line}`));
    createInterface({ input: child.stderr }).on('line', (line) => terminal.error(`[${webApp.appPath}] ${line}`));
    child.on('error', (error) => this.end({ kind: 'error', errorType: 'Runtime.ExitError', errorMessage: `cannot start ${program}: ${error.message}` }));
    child.on('exit', (code, signal) => this.end({
      kind: 'error',
      errorType: 'Runtime.ExitError',
      errorMessage: `the function's process ended with ${signal ?? `code ${code}`}`,
    }));
    const initMs = initTimeoutMs + webApp.timeout * 1000;
    this.limit(initMs, `the function did not finish loading within ${initMs / 1000} seconds`);
  }

  /** Ends the environment after a time. Replaces the limit that was set before. */
  private limit(milliseconds: number, errorMessage: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end({ kind: 'error', errorType: 'Sandbox.Timedout', errorMessage }), milliseconds);
  }

  /** Stops an environment that has failed. The reason goes to the waiting request, or else to the terminal. */
  private end(failure: FailedOutcome): void {
    if (this.failure) return;
    this.failure = failure;
    if (!this.pending && !this.stopping) {
      this.options.terminal.error(`[${this.options.webApp.appPath}] ${failure.errorType}: ${failure.errorMessage}`);
    }
    void this.stop();
    this.settle(failure);
    this.options.onGone();
  }

  private settle(outcome: InvocationOutcome): void {
    const pending = this.pending;
    this.pending = undefined;
    pending?.settle(outcome);
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
  private environment(runtimeApiAddress: string): NodeJS.ProcessEnv {
    const { webApp } = this.options;
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

import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { FailedOutcome, InvocationOutcome, parseError, toOutcome } from './invocation-outcome';
import { RuntimeApiServer } from './runtime-api-server';
import { newTraceId } from './trace-id';
import { WebAppFunction } from '../assembly/web-app-functions';
import { atExit, notAtExit } from '../at-exit';

const HAS_PROCESS_GROUPS = process.platform !== 'win32';

/** How long a function may take to load, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_TIMEOUT_MS = 10_000;

/** How long a function's last lines may need to arrive. */
const GRACE_MS = 25;

/** How often it is looked whether a debugger is still attached, and how long a function may work then. */
const HELD_CHECK_MS = 1_000;
const HELD_TIMEOUT_MS = 24 * 60 * 60 * 1_000;

/** Follows one invocation. */
export interface InvocationListener {
  /** @param start cold if the function had not loaded yet when its event came */
  started(start: 'cold' | 'warm'): void;
  /** Called for each line that the function prints until its environment gets another event. */
  printed(line: string, isError: boolean): void;
}

export interface LambdaEnvironmentOptions {
  readonly webApp: WebAppFunction;
  /** The folder with the function's code. */
  readonly codeDirectory: string;
  /** The variables of the shell that the function gets. */
  readonly inherited: NodeJS.ProcessEnv;
  /** The program that runs the function's code, and its arguments. */
  readonly command: readonly string[];
  /** Default: Lambda's 10 seconds. */
  readonly initTimeoutMs?: number;
  /** Shows a line that the function prints before its first event, or why it has ended. */
  log(line: string): void;
  /** Changes a line that the function prints. */
  rewriteLine(line: string): string;
  /** Whether a debugger is attached to the process. No time limit is applied then. */
  isHeld?(): boolean;
  /** Called once, when the process has ended. */
  onGone(): void;
}

/**
 * One execution environment of a function: a process of its own that handles one invocation at a time.
 * It ends with a crash or a timeout.
 */
export class LambdaEnvironment {
  /** Resolves when the function has loaded, or the process has ended: whether it has loaded. */
  readonly loadedOrGone: Promise<boolean>;
  private readonly started: Promise<void>;
  private settleLoad?: () => void;
  private runtimeApi?: RuntimeApiServer;
  private process?: ChildProcess;
  private pending?: { readonly settle: (outcome: InvocationOutcome) => void; readonly onEnd: () => void };
  private listener?: InvocationListener;
  private loaded = false;
  private readonly linesOfInit: string[] = [];
  private timer?: NodeJS.Timeout;
  private failure?: FailedOutcome;
  private stopping = false;

  constructor(private readonly options: LambdaEnvironmentOptions) {
    this.loadedOrGone = new Promise((resolve) => {
      this.settleLoad = () => resolve(this.loaded);
    });
    this.started = this.start();
  }

  /**
   * Runs the function on an event.
   *
   * @param onEnd called when the environment can take another event
   */
  async invoke(event: object, onEnd: () => void, listener?: InvocationListener): Promise<InvocationOutcome> {
    this.listener = listener;
    listener?.started(this.loaded ? 'warm' : 'cold');
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

  /** Undefined until the process has been started. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Ends the process, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    this.runtimeApi?.close();
    const child = this.process;
    if (!child) return;
    this.kill();
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    await once(child, 'exit');
  }

  /** Also called when this process ends, for whatever reason. */
  private readonly kill = (): void => {
    notAtExit(this.kill);
    const pid = this.process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(HAS_PROCESS_GROUPS ? -pid : pid, 'SIGKILL');
    } catch {
      // All have ended.
    }
  };

  private handOver(event: object): void {
    const { webApp } = this.options;
    const timeoutMs = webApp.timeout * 1000;
    this.runtimeApi!.invoke({
      event: JSON.stringify(event),
      // The app is told the deadline, and would answer by itself shortly before it.
      timeoutMs: this.options.isHeld?.() ? HELD_TIMEOUT_MS : timeoutMs,
      headers: { 'invoked-function-arn': webApp.arn, 'trace-id': newTraceId(new Date()) },
      onStart: () => this.limit(timeoutMs, `Task timed out after ${webApp.timeout.toFixed(2)} seconds`),
      onAnswer: (answer) => this.pending?.settle(this.rewrite(toOutcome(answer))),
      onEnd: () => {
        clearTimeout(this.timer);
        const pending = this.pending;
        this.pending = undefined;
        pending?.onEnd();
      },
    });
  }

  private async start(): Promise<void> {
    const { webApp, codeDirectory, command: [program, ...args], initTimeoutMs = INIT_TIMEOUT_MS } = this.options;
    this.runtimeApi = await RuntimeApiServer.start({
      // The function has loaded. It may wait for an event without a limit.
      onNext: () => {
        this.loaded = true;
        this.settleLoad?.();
        clearTimeout(this.timer);
      },
      onInitError: (error) => this.end(parseError(error.body)),
    });
    if (this.stopping) {
      this.runtimeApi.close();
      return;
    }
    const child = spawn(program, args, {
      cwd: codeDirectory,
      env: this.environment(this.runtimeApi.address),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, which can be ended with all processes that the function starts.
      detached: HAS_PROCESS_GROUPS,
    });
    this.process = child;
    atExit(this.kill);
    createInterface({ input: child.stdout }).on('line', (line) => this.print(line, false));
    createInterface({ input: child.stderr }).on('line', (line) => this.print(line, true));
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
    this.timer = setTimeout(() => {
      if (this.options.isHeld?.()) this.limit(HELD_CHECK_MS, errorMessage);
      else this.end({ kind: 'error', errorType: 'Sandbox.Timedout', errorMessage });
    }, milliseconds);
  }

  /** Stops an environment that has failed. The reason goes to the waiting request, or else to the terminal. */
  private end(failure: FailedOutcome): void {
    if (this.failure) return;
    this.failure = failure;
    if (!this.pending && !this.stopping) setTimeout(() => this.showEnd(failure), GRACE_MS);
    this.settleLoad?.();
    void this.stop();
    this.settle(failure);
    this.options.onGone();
  }

  /** The function has printed the error that kept it from loading. It is shown once. */
  private showEnd({ errorType, errorMessage }: FailedOutcome): void {
    const [firstLine] = errorMessage.split('\n');
    if (firstLine === '' || !this.linesOfInit.some((line) => line.includes(firstLine))) this.options.log(`${errorType}: ${errorMessage}`);
  }

  private print(printed: string, isError: boolean): void {
    const line = this.options.rewriteLine(printed);
    if (this.listener) {
      this.listener.printed(line, isError);
    } else {
      this.linesOfInit.push(line);
      this.options.log(line);
    }
  }

  private settle(failure: FailedOutcome): void {
    const pending = this.pending;
    this.pending = undefined;
    pending?.settle(this.rewrite(failure));
  }

  private rewrite(outcome: InvocationOutcome): InvocationOutcome {
    const { rewriteLine } = this.options;
    return outcome.kind === 'error' ? { ...outcome, errorMessage: rewriteLine(outcome.errorMessage), stack: outcome.stack?.map(rewriteLine) } : outcome;
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
  private environment(runtimeApiAddress: string): NodeJS.ProcessEnv {
    const { webApp, codeDirectory, inherited } = this.options;
    return {
      ...inherited,
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
      ...(webApp.jsonLogLevel !== undefined && { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: webApp.jsonLogLevel }),
      LAMBDA_TASK_ROOT: codeDirectory,
      _HANDLER: webApp.handler,
      ...webApp.environment,
    };
  }
}

import { ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { Invocation, readAnswer, Reader } from './invocation';
import { RuntimeApiServer } from '../../../../local/lambda/runtime-api-server';
import { installedNodes, runtimeInterfaceClient } from '../../../toolchain';
import { Bundle } from '../bundles';

/** By the path of Node. Installed on load, where they are missing: a test would run out of time meanwhile. */
const CLIENTS = new Map(installedNodes().map(({ version, binary }) => [binary, runtimeInterfaceClient(version)]));
/** The only one that takes several requests at once. */
const NEWEST_CLIENT = runtimeInterfaceClient();

/** Those of a function with 1,024 MB. */
export const FLAGS_OF_LAMBDA = ['--expose-gc', '--max-http-header-size', '81920', '--max-semi-space-size=51', '--max-old-space-size=921'];

const SILENCE_MS = 100;

export const TRACE_ID = 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1';

/** A function on AWS's own runtime client, in a process that is started anew when it ends, as Lambda does. */
export class Environment {
  public static async of(node: string, bundle: Bundle, variables: NodeJS.ProcessEnv = {}): Promise<Environment> {
    const client = variables.AWS_LAMBDA_MAX_CONCURRENCY === undefined ? CLIENTS.get(node)! : NEWEST_CLIENT;
    return this.running([node, ...FLAGS_OF_LAMBDA, client, bundle.handler], bundle, variables);
  }

  /** @param command the program that takes the place of AWS's client, and its arguments */
  public static async running(command: readonly string[], bundle: Bundle, variables: NodeJS.ProcessEnv = {}): Promise<Environment> {
    const initErrors: any[] = [];
    let environment: Environment | undefined;
    const api = await RuntimeApiServer.start({
      onInitError: ({ body }) => initErrors.push(JSON.parse(body.toString())),
      onIdle: () => environment?.freeze(),
    });
    environment = new Environment(api, initErrors, command, bundle, variables);
    return environment;
  }

  /** How many processes there were. */
  public starts = 0;
  /** How many of them ended. */
  public ends = 0;
  public exitCodes: (number | null)[] = [];
  /** When the environment was frozen, in milliseconds since the last event was taken; undefined while it runs. */
  public frozenAfter: number | undefined;
  /** When the last event was taken, in milliseconds since the epoch. */
  public takenAt = 0;
  /** Whether the process is stopped when Lambda would freeze it. */
  public freezes = false;
  private taken = 0;
  private child: ChildProcess | undefined;
  private output = '';
  private closed = false;
  /** What is to be told when the process ends, by request ID. */
  private readonly running = new Map<string, () => void>();

  private constructor(
    private readonly api: RuntimeApiServer,
    /** What the processes posted that could not load the function. */
    public readonly initErrors: readonly any[],
    private readonly command: readonly string[],
    private readonly bundle: Bundle,
    private readonly variables: NodeJS.ProcessEnv,
  ) {
    this.start();
  }

  public get pid(): number | undefined {
    return this.child?.pid;
  }

  /** All that was logged so far, entry by entry. What was logged before an answer can arrive after it. */
  public get log(): string[] {
    // The command of version 3 says first what it runs; Lambda starts it in another way.
    return this.output.split('\n').filter((line) => line !== '' && !line.startsWith('Executing \''));
  }

  /** The log, once nothing more arrives. */
  public async settledLog(): Promise<string[]> {
    let length: number;
    do {
      length = this.output.length;
      await setTimeout(SILENCE_MS);
    } while (this.output.length > length);
    return this.log;
  }

  /**
   * @param timeLimit the time that the function has, in milliseconds
   * @param traceId what Lambda gives for tracing
   */
  public invoke(event: unknown, timeLimit = 10_000, reader: Reader = {}, traceId = TRACE_ID): Promise<Invocation> {
    return new Promise((resolve, reject) => {
      let requestId: string;
      let began: number;
      this.api.invoke({
        event: JSON.stringify(event),
        timeoutMs: timeLimit,
        headers: {
          'invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:app',
          'trace-id': traceId,
        },
        onStart: (id) => {
          requestId = id;
          began = this.taken = performance.now();
          this.takenAt = Date.now();
          this.frozenAfter = undefined;
          if (this.freezes) {
            this.child?.kill('SIGCONT');
          }
          this.running.set(id, () => resolve({ requestId, took: performance.now() - began, end: 'lost', bytes: 0 }));
        },
        onAnswer: (answer) => {
          readAnswer(answer, began, reader).finally(() => this.running.delete(requestId))
            .then((read) => resolve({ requestId, took: performance.now() - began, ...read }), reject);
        },
      });
    });
  }

  private freeze(): void {
    this.frozenAfter = performance.now() - this.taken;
    if (this.freezes) {
      this.child?.kill('SIGSTOP');
    }
  }

  public close(): void {
    this.closed = true;
    this.child?.kill('SIGKILL');
    this.api.close();
  }

  private start(): void {
    this.starts++;
    const [program, ...args] = this.command;
    const child = spawn(program, args, {
      cwd: this.bundle.directory,
      env: {
        PATH: process.env.PATH,
        TZ: ':UTC',
        NODE_ENV: 'production',
        UV_THREADPOOL_SIZE: '16',
        AWS_REGION: 'eu-west-1',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_FUNCTION_NAME: 'app',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/app',
        AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]abc',
        AWS_LAMBDA_RUNTIME_API: this.api.address,
        LAMBDA_TASK_ROOT: this.bundle.directory,
        _HANDLER: this.bundle.handler,
        ...this.variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const gather = (chunk: Buffer) => {
      this.output += chunk;
    };
    child.stdout!.on('data', gather);
    child.stderr!.on('data', gather);
    child.on('close', (code) => {
      this.ends++;
      this.exitCodes.push(code);
      this.running.forEach((lose) => lose());
      this.running.clear();
      if (!this.closed && this.starts < 50) {
        this.start();
      }
    });
  }
}

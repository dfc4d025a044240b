import { ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BundlingRecord } from './bundling-record';
import { atExit, notAtExit } from '../at-exit';

/** Bundles apps again in a process of the library's own bundling, which stays, since it takes longer to start than to bundle. */
export class Rebuilder {
  private child?: ChildProcess;
  private output = '';

  /**
   * @param program the library's `bundling/rebuild.js`
   */
  constructor(private readonly program: string) {}

  /** Starts the process before it is needed. */
  start(): void {
    if (!this.child && existsSync(this.program)) this.child = this.launch();
  }

  /**
   * Bundles an app into an empty folder, and returns the folder with the bundle in it.
   *
   * @throws when the app cannot be bundled, with the bundler's message
   */
  async rebuild(record: BundlingRecord, outputDirectory: string): Promise<string> {
    if (!existsSync(this.program)) throw new Error(`cannot bundle again: ${this.program} is missing; install cdk-wrapped-web-app in this project`);
    this.start();
    this.output = '';
    const child = this.child!;
    const reply = await new Promise<{ directory?: string; error?: string }>((resolve) => {
      const onExit = (): void => resolve({ error: `the bundler ended: ${this.output.trim()}` });
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message as { directory?: string; error?: string });
      });
      child.send({ record, outputDirectory });
    });
    // The CDK puts its own words before the bundler's.
    if (reply.directory === undefined) throw new Error(reply.error!.replace(/^Failed to bundle asset .*?: Error: /, ''));
    return reply.directory;
  }

  stop(): void {
    this.kill();
  }

  private readonly kill = (): void => {
    notAtExit(this.kill);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  };

  private launch(): ChildProcess {
    const child = fork(this.program, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    atExit(this.kill);
    // What the CDK and the bundler print is shown only if they fail.
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (this.output = (this.output + String(chunk)).slice(-10_000)));
    child.on('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    return child;
  }
}

import { InvocationOutcome } from './invocation-outcome';
import { LambdaEnvironment } from './lambda-environment';
import { WebAppFunction } from '../assembly/web-app-functions';
import { Terminal } from '../terminal';

/** More requests at the same time have to wait. AWS would start up to 1,000 environments. */
const MAX_ENVIRONMENTS = 10;

/**
 * A function with one execution environment for each request that runs at the same time.
 * An environment that crashed or timed out is replaced at the next request.
 */
export class LambdaFunction {
  private readonly environments = new Set<LambdaEnvironment>();
  private readonly idle: LambdaEnvironment[] = [];
  private readonly waiting: (() => void)[] = [];

  /**
   * @param command the program that runs the function's code, and its arguments
   */
  constructor(private readonly webApp: WebAppFunction, private readonly terminal: Terminal, private readonly command: readonly string[]) {}

  /** Loads the function before its first request, so that load errors are shown immediately. */
  warmUp(): void {
    this.idle.push(this.startEnvironment());
  }

  async invoke(event: object): Promise<InvocationOutcome> {
    const environment = await this.takeEnvironment();
    return environment.invoke(event, () => {
      this.idle.push(environment);
      this.waiting.shift()?.();
    });
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    await Promise.all([...this.environments].map(async (environment) => environment.stop()));
  }

  private async takeEnvironment(): Promise<LambdaEnvironment> {
    while (this.idle.length === 0 && this.environments.size >= MAX_ENVIRONMENTS) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    return this.idle.pop() ?? this.startEnvironment();
  }

  private startEnvironment(): LambdaEnvironment {
    const environment = new LambdaEnvironment({
      webApp: this.webApp,
      terminal: this.terminal,
      command: this.command,
      onGone: () => {
        this.environments.delete(environment);
        const index = this.idle.indexOf(environment);
        if (index >= 0) this.idle.splice(index, 1);
        this.waiting.shift()?.();
      },
    });
    this.environments.add(environment);
    return environment;
  }
}

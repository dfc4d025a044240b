import { InvocationOutcome } from './invocation-outcome';
import { InvocationListener, LambdaEnvironment, LambdaEnvironmentOptions } from './lambda-environment';

/** More requests at the same time have to wait. AWS would start up to 1,000 environments. */
const MAX_ENVIRONMENTS = 10;

export interface LambdaFunctionOptions extends Omit<LambdaEnvironmentOptions, 'onGone'> {
  /** How many requests are worked on at the same time. Default: 10. */
  readonly maxEnvironments?: number;
}

/**
 * A function with one execution environment for each request that runs at the same time.
 * An environment that crashed or timed out is replaced at the next request.
 */
export class LambdaFunction {
  private readonly environments = new Set<LambdaEnvironment>();
  private readonly idle: LambdaEnvironment[] = [];
  private readonly waiting: (() => void)[] = [];
  private isDraining = false;
  private onDrained?: () => void;

  /**
   * @param afterEvent called when an environment has finished its work on an event
   */
  constructor(private readonly options: LambdaFunctionOptions, private readonly afterEvent: () => void = () => undefined) {}

  get codeDirectory(): string {
    return this.options.codeDirectory;
  }

  /** Loads the function before its first request. Resolves when it has loaded, or failed to: whether it has loaded. */
  async warmUp(): Promise<boolean> {
    const environment = this.startEnvironment();
    this.idle.push(environment);
    return environment.loadedOrGone;
  }

  async invoke(event: object, listener?: InvocationListener): Promise<InvocationOutcome> {
    const environment = await this.takeEnvironment();
    return environment.invoke(event, () => {
      this.afterEvent();
      if (this.isDraining && this.waiting.length === 0) {
        void this.retire(environment);
        return;
      }
      this.idle.push(environment);
      this.waiting.shift()?.();
    }, listener);
  }

  /** Ends the processes, each when it has finished its work, and resolves when all have ended. */
  async drain(): Promise<void> {
    this.isDraining = true;
    const drained = new Promise<void>((resolve) => {
      this.onDrained = resolve;
    });
    await Promise.all(this.idle.splice(0).map(async (environment) => this.retire(environment)));
    if (this.environments.size > 0) await drained;
  }

  private async retire(environment: LambdaEnvironment): Promise<void> {
    await environment.stop();
    this.forget(environment);
  }

  private forget(environment: LambdaEnvironment): void {
    this.environments.delete(environment);
    if (this.environments.size === 0) this.onDrained?.();
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    await Promise.all([...this.environments].map(async (environment) => environment.stop()));
  }

  private async takeEnvironment(): Promise<LambdaEnvironment> {
    while (this.idle.length === 0 && this.environments.size >= (this.options.maxEnvironments ?? MAX_ENVIRONMENTS)) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    return this.idle.pop() ?? this.startEnvironment();
  }

  private startEnvironment(): LambdaEnvironment {
    const environment = new LambdaEnvironment({
      ...this.options,
      onGone: () => {
        this.forget(environment);
        const index = this.idle.indexOf(environment);
        if (index >= 0) this.idle.splice(index, 1);
        this.waiting.shift()?.();
      },
    });
    this.environments.add(environment);
    return environment;
  }
}

import { WebApp } from './web-app';

/** An app that starts asynchronously. */
export class StartingApp {
  public ready: WebApp | undefined;
  private starting: Promise<WebApp> | undefined;

  /** @param canRetry whether `start` may succeed after a failure; if so, the next request calls it again */
  constructor(private readonly start: () => Promise<WebApp>, private readonly canRetry: boolean) {
    // Requests handle a rejection of this promise. Before the first request it must not end the process.
    this.started().catch(() => undefined);
  }

  public async started(): Promise<WebApp> {
    this.starting ??= this.start();
    try {
      return this.ready = await this.starting;
    } catch (error) {
      if (this.canRetry) {
        this.starting = undefined;
      }
      throw error;
    }
  }
}

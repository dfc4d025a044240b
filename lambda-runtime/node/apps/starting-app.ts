import { WebApp } from './web-app';

/** An app that is being started. */
export class StartingApp {
  public ready: WebApp | undefined;
  private starting: Promise<WebApp> | undefined;

  /** @param canRetry whether `start` can succeed after it has failed: then the next request calls it again */
  constructor(private readonly start: () => Promise<WebApp>, private readonly canRetry: boolean) {
    // Requests wait for the same promise and handle its rejection; without any of them it must not end the process.
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

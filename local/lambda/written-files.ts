import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';

/** A function may write shortly after its answer. */
const PAUSE_MS = 300;

/**
 * Finds what a function has written into its own code. Only root can: permissions do not stop it, and neither does the runtime client
 * where native code writes, such as SQLite, or a program that the function starts.
 */
export class WrittenFiles {
  /** Compared with the time of the change, not with that of the content: an archive may have been made where the clock is ahead. */
  private readonly since = Date.now() + 1;
  private readonly told = new Set<string>();
  private timer?: NodeJS.Timeout;

  /**
   * @param directory a copy of the code, which is complete
   * @param onWritten called once for each file, with its path in the directory
   */
  constructor(private readonly directory: string, private readonly onWritten: (file: string) => void) {}

  /** Looks for written files soon. */
  lookSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // A folder that is gone belongs to a function that was stopped.
      void this.look(this.directory).catch(() => undefined);
    }, PAUSE_MS).unref();
  }

  private async look(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        await this.look(file);
      } else if (!this.told.has(file) && (await stat(file)).ctimeMs > this.since) {
        this.told.add(file);
        this.onWritten(path.relative(this.directory, file));
      }
    }
  }
}

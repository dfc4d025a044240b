import * as fs from 'node:fs';
import * as path from 'node:path';

const POLL_MS = 250;

/**
 * Looks whether a cloud assembly has been synthesized again. It is looked at, not watched, since some tools remove the folder first.
 * A synthesis writes the manifest last, and again for each stage; while the CDK's command line writes, there is a lock file.
 */
export class AssemblyWatcher {
  private readonly timer: NodeJS.Timeout;
  private taken: string | undefined;
  private seen: string | undefined;

  /**
   * @param onChange called when there is another assembly, complete as far as can be seen
   */
  constructor(private readonly directory: string, private readonly onChange: () => void) {
    this.taken = this.seen = this.stamp();
    this.timer = setInterval(() => this.look(), POLL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const before = this.seen;
    this.seen = this.stamp();
    // Twice the same: nobody is writing it.
    if (this.seen === undefined || this.seen === this.taken || this.seen !== before || isLocked(this.directory)) return;
    this.taken = this.seen;
    this.onChange();
  }

  private stamp(): string | undefined {
    const stats = fs.statSync(path.join(this.directory, 'manifest.json'), { throwIfNoEntry: false });
    return stats && `${stats.mtimeMs} ${stats.ino} ${stats.size}`;
  }
}

/** Whether a CDK command writes the assembly. The lock contains its process ID, and remains if the command was killed. */
function isLocked(directory: string): boolean {
  try {
    const pid = Number(fs.readFileSync(path.join(directory, 'synth.lock'), 'utf8'));
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

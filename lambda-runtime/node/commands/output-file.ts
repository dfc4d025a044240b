import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Output } from './output';

const BLOCK_BYTES = 65_536;

/**
 * The file into which a program writes both of its outputs, in their order.
 *
 * Not a pipe: a Node program that calls `process.exit()` would lose what the pipe has not taken yet, which are the lines that say why.
 * https://nodejs.org/api/process.html#processexitcode
 */
export class OutputFile {
  public readonly descriptor: number;
  private position = 0;

  constructor() {
    const file = join(tmpdir(), `wrapped-web-app-command-${randomUUID()}`);
    this.descriptor = openSync(file, 'ax+', 0o600);
    // It lives as long as it is open.
    unlinkSync(file);
  }

  public readInto(output: Output): void {
    for (;;) {
      const block = Buffer.alloc(BLOCK_BYTES);
      const bytes = readSync(this.descriptor, block, 0, BLOCK_BYTES, this.position);
      if (bytes === 0) {
        return;
      }
      this.position += bytes;
      output.write(block.subarray(0, bytes));
    }
  }

  public close(): void {
    closeSync(this.descriptor);
  }
}

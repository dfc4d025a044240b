import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { removeAbandoned } from './remove-abandoned';

const PREFIX = 'wrapped-web-app-scratch-';

/** Calls a function with a new folder outside of the project. It is removed afterwards; if the process is killed, by a later one. */
export function withScratchFolder<T>(use: (directory: string) => T): T {
  removeAbandoned(tmpdir(), PREFIX);
  const directory = mkdtempSync(path.join(tmpdir(), PREFIX));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

import { readdirSync } from 'node:fs';

/** Everything in a directory and below, by its path from there; folders are named too. */
export function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true }) as string[];
}

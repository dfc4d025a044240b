import { readdirSync } from 'node:fs';

/** Lists all files and folders in and below a directory, as paths relative to it. */
export function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true }) as string[];
}

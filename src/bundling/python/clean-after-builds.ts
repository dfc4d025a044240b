import { readdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';

/**
 * setuptools leaves `build` and `*.egg-info` in the folder that it builds. They would be uploaded, and the next build would take files
 * from them that are gone.
 *
 * @param likely the folders that are probably built
 * @returns removes what was not there before, in these folders and in others whose `build` holds nothing but the work of setuptools
 */
export function cleanAfterBuilds(likely: (string | undefined)[]): (built: string[]) => void {
  const before = new Map([...new Set(likely)].flatMap(folder => folder === undefined ? [] : [[folder, new Set(leftovers(folder))] as const]));
  return built => {
    for (const folder of built) {
      const had = before.get(folder);
      for (const name of leftovers(folder)) {
        const made = had === undefined ? isOfSetuptools(path.join(folder, name)) : !had.has(name);
        if (made) rmSync(path.join(folder, name), { recursive: true, force: true });
      }
    }
  };
}

function leftovers(folder: string): string[] {
  return readdirSync(folder).filter(name => name === 'build');
}

function isOfSetuptools(build: string): boolean {
  const names = readdirSync(build);
  return names.length > 0 && names.every(name => /^(?:lib(?:\.|$)|bdist\.|temp\.|scripts-)/.test(name));
}

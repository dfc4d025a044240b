import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/**
 * Throws if a `.pth` file leads to a folder of this machine, as that of an editable installation does. On Lambda the folder is missing.
 * https://docs.python.org/3/library/site.html
 */
export function checkPathFiles(constructPath: string, directory: string): void {
  for (const name of readdirSync(directory).filter(file => file.endsWith('.pth'))) {
    for (const line of readFileSync(path.join(directory, name), 'utf8').split(/\r?\n/)) {
      const target = path.resolve(directory, line.trim());
      const isPath = line.trim() !== '' && !/^\s*(?:#|import\b)/.test(line);
      const leads = isPath ? target !== directory && !target.startsWith(directory + path.sep) : /\b__editable__/.test(line);
      if (leads) {
        throw new Error(`${constructPath}: ${name} leads out of the bundle, to ${isPath ? line.trim() : 'an editable installation'}, which does not exist on `
          + 'Lambda; install that package as a wheel, with a newer uv (uv self update), or leave the file out with exclude');
      }
    }
  }
}

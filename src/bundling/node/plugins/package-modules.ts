import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';
import { withClassNames } from './class-names';
import { withCreatedRequires } from './created-requires';

/** Loads the ES modules of packages as those of the project are loaded. All other files of packages are esbuild's. */
export function packageModules(): Plugin {
  return {
    name: 'package-modules',
    setup(build) {
      const types = new ModuleTypes();
      build.onLoad({ filter: /[\\/]node_modules[\\/].*\.m?js$/, namespace: 'file' }, async ({ path: file }) => {
        if (!types.isModule(file)) return undefined;
        const code = await readFile(file, 'utf8');
        const contents = withClassNames(withCreatedRequires(code));
        return contents === code ? undefined : { contents, loader: 'js', resolveDir: path.dirname(file) };
      });
    },
  };
}

/** Tells ES modules from CommonJS, as Node does: by the extension, or the nearest package.json. */
class ModuleTypes {
  private readonly folders = new Map<string, boolean>();

  public isModule(file: string): boolean {
    return file.endsWith('.mjs') || this.isOfModules(path.dirname(file));
  }

  private isOfModules(folder: string): boolean {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const packageFile = path.join(folder, 'package.json');
    const isOfModules = existsSync(packageFile)
      ? JSON.parse(readFileSync(packageFile, 'utf8')).type === 'module'
      : path.basename(folder) !== 'node_modules' && this.isOfModules(path.dirname(folder));
    this.folders.set(folder, isOfModules);
    return isOfModules;
  }
}

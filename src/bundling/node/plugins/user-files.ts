import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Loader, Plugin } from 'esbuild';
import { withClassNames } from './class-names';
import { withCreatedRequires } from './created-requires';
import { DecoratorMetadata } from './decorator-metadata';
import { FileLocations } from './file-locations';
import { withRelativeRequires } from './relative-requires';
import { withTypeScriptNames } from './typescript-names';
import { NodeEntry } from '../node-entry';

/**
 * Loads the files of the project: adds the types that decorators need and the location of each file, and writes names of files as esbuild
 * follows them. Of packages only what is true for all ES modules is changed; esbuild loads all others without this plugin.
 */
export function userFiles({ file, projectRoot }: NodeEntry, locations: FileLocations, tsconfig: string | undefined): Plugin {
  return {
    name: 'user-files',
    setup(build) {
      const decoratorMetadata = new DecoratorMetadata(path.dirname(file), tsconfig);
      const types = new ModuleTypes();
      build.onLoad({ filter: /\.([cm]?[jt]s|[jt]sx)$/ }, async args => {
        const relativeFile = path.relative(projectRoot, args.path).split(path.sep).join('/');
        if (args.namespace !== 'file') return undefined;
        const resolveDir = path.dirname(args.path);
        if (relativeFile.split('/').includes('node_modules')) {
          if (!types.isModule(args.path)) return undefined;
          const code = await readFile(args.path, 'utf8');
          const changed = withClassNames(withCreatedRequires(code));
          return changed === code ? undefined : { contents: changed, loader: loaderOf(args.path), resolveDir };
        }
        const source = await readFile(args.path, 'utf8');
        const found = withRelativeRequires(withCreatedRequires(source), args.path);
        const named = /tsx?$/.test(args.path) ? withTypeScriptNames(found, args.path) : found;
        const compiled = decoratorMetadata.compile(named, args.path);
        const code = withClassNames(compiled ?? named);
        const contents = relativeFile.startsWith('../') ? code : locations.locate(code, relativeFile);
        if (contents === source) return undefined;
        return { contents, loader: compiled === undefined ? loaderOf(args.path) : 'js', resolveDir };
      });
    },
  };
}

/** The loader that esbuild uses for this extension. */
function loaderOf(file: string): Loader {
  return path.extname(file).replace(/^\.[cm]/, '.').slice(1) as Loader;
}

/** Tells ES modules from CommonJS, as Node does by the extension and the nearest package.json. */
class ModuleTypes {
  private readonly folders = new Map<string, boolean>();

  public isModule(file: string): boolean {
    return file.endsWith('.mjs') || (file.endsWith('.js') && this.isOfModules(path.dirname(file)));
  }

  private isOfModules(folder: string): boolean {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const packageFile = path.join(folder, 'package.json');
    const isOfModules = existsSync(packageFile)
      ? JSON.parse(readFileSync(packageFile, 'utf8')).type === 'module'
      : path.dirname(folder) !== folder && path.basename(folder) !== 'node_modules' && this.isOfModules(path.dirname(folder));
    this.folders.set(folder, isOfModules);
    return isOfModules;
  }
}

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
 * follows them. esbuild loads packages without this plugin.
 */
export function userFiles({ file, projectRoot }: NodeEntry, locations: FileLocations, tsconfig: string | undefined): Plugin {
  return {
    name: 'user-files',
    setup(build) {
      const decoratorMetadata = new DecoratorMetadata(path.dirname(file), tsconfig);
      build.onLoad({ filter: /\.([cm]?[jt]s|[jt]sx)$/ }, async args => {
        const relativeFile = path.relative(projectRoot, args.path).split(path.sep).join('/');
        if (args.namespace !== 'file' || relativeFile.split('/').includes('node_modules')) return undefined;
        const source = await readFile(args.path, 'utf8');
        const found = withRelativeRequires(withCreatedRequires(source), args.path);
        const named = /tsx?$/.test(args.path) ? withTypeScriptNames(found, args.path) : found;
        const compiled = decoratorMetadata.compile(named, args.path);
        const code = withClassNames(compiled ?? named);
        const contents = relativeFile.startsWith('../') ? code : locations.locate(code, relativeFile);
        if (contents === source) return undefined;
        return { contents, loader: compiled === undefined ? loaderOf(args.path) : 'js', resolveDir: path.dirname(args.path) };
      });
    },
  };
}

/** The loader that esbuild uses for this extension. */
function loaderOf(file: string): Loader {
  return path.extname(file).replace(/^\.[cm]/, '.').slice(1) as Loader;
}

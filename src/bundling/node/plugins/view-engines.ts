import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';
import { NodeEntry } from '../node-entry';

/** Template engines whose package has the name of the file extension that they render. Express finds them by this name. */
const ENGINES = ['ejs', 'eta', 'hbs', 'hjs', 'jade', 'pug', 'squirrelly', 'twig', 'vash'];

/**
 * Bundles the template engines that are dependencies of the project. With `app.set('view engine', 'pug')` Express requires a package
 * whose name it knows only at run time, so esbuild cannot find it.
 *
 * In a monorepo the project root may be above the package of the app, so each package.json from the entry up to the root counts.
 */
export function viewEngines({ file, projectRoot }: NodeEntry): Plugin {
  return {
    name: 'view-engines',
    setup(build) {
      build.onLoad({ filter: /[\\/]node_modules[\\/]express[\\/]lib[\\/]view\.js$/ }, async args => {
        const source = await readFile(args.path, 'utf8');
        const table: string[] = [];
        const resolveDir = path.dirname(file);
        const dependencies = new Set(foldersBetween(resolveDir, projectRoot).flatMap(dependenciesOf));
        for (const name of ENGINES.filter(engine => dependencies.has(engine))) {
          const found = await build.resolve(name, { resolveDir, kind: 'require-call' });
          if (found.errors.length === 0 && !found.external) table.push(`${JSON.stringify(name)}: () => require(${JSON.stringify(found.path)})`);
        }
        if (table.length === 0) return undefined;
        return {
          contents: `${source.replace(/\brequire\((mod)\)/, '(wrappedWebAppEngines[$1] || require)($1)')}\nvar wrappedWebAppEngines = { ${table.join(', ')} };`,
          loader: 'js',
          resolveDir: path.dirname(args.path),
        };
      });
    },
  };
}

function foldersBetween(folder: string, root: string): string[] {
  return folder === root || path.dirname(folder) === folder ? [folder] : [folder, ...foldersBetween(path.dirname(folder), root)];
}

function dependenciesOf(folder: string): string[] {
  const packageFile = path.join(folder, 'package.json');
  if (!existsSync(packageFile)) return [];
  const { dependencies, devDependencies } = JSON.parse(readFileSync(packageFile, 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies });
}

import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';

/** Template engines whose package has the name of the file extension that they render. Express finds them by this name. */
const ENGINES = ['ejs', 'eta', 'hbs', 'hjs', 'jade', 'pug', 'squirrelly', 'twig', 'vash'];

/**
 * Bundles the template engines that are dependencies of the project. With `app.set('view engine', 'pug')` Express requires a package
 * whose name it knows only at run time, so esbuild cannot find it.
 */
export function viewEngines(projectRoot: string): Plugin {
  return {
    name: 'view-engines',
    setup(build) {
      build.onLoad({ filter: /[\\/]node_modules[\\/]express[\\/]lib[\\/]view\.js$/ }, async args => {
        const source = await readFile(args.path, 'utf8');
        const table: string[] = [];
        for (const name of dependenciesOf(projectRoot).filter(dependency => ENGINES.includes(dependency))) {
          const found = await build.resolve(name, { resolveDir: projectRoot, kind: 'require-call' });
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

function dependenciesOf(projectRoot: string): string[] {
  const packageFile = path.join(projectRoot, 'package.json');
  if (!existsSync(packageFile)) return [];
  const { dependencies, devDependencies } = JSON.parse(readFileSync(packageFile, 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies }).sort();
}

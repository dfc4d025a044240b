import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';

/** Packages that are named like the files that they render, and found by Express through that name alone. */
const ENGINES = ['ejs', 'eta', 'hbs', 'hjs', 'jade', 'pug', 'squirrelly', 'twig', 'vash'];

/**
 * `app.set('view engine', 'pug')` makes Express require a package whose name it learns when it renders, which no bundler sees.
 * Those that the project has among its dependencies are bundled with it.
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

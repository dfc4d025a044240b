import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';

/** Marks our own question to esbuild, which this plugin must not answer again. */
const ASKED = Symbol('asked');

/**
 * Frameworks ask for packages that a project may or may not have (NestJS: its WebSocket, microservice and validation
 * packages). On a plain server such a `require` throws when it is reached, or is never reached: so here.
 * What a package lists under `dependencies` is not optional, and its absence stays an error.
 */
export function optionalPackages(): Plugin {
  return {
    name: 'optional-packages',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async args => {
        if (args.pluginData === ASKED || !/[\\/]node_modules[\\/]/.test(args.importer)) return undefined;
        if (args.kind !== 'require-call' && args.kind !== 'dynamic-import' && args.kind !== 'require-resolve') return undefined;
        const name = packageNameOf(args.path);
        if (args.path.startsWith('node:') || builtinModules.includes(name)) return undefined;
        const { importer, kind, namespace, resolveDir } = args;
        const found = await build.resolve(args.path, { importer, kind, namespace, resolveDir, pluginData: ASKED });
        if (found.errors.length === 0 || isDependency(name, resolveDir)) return undefined;
        return { path: args.path, external: true };
      });
    },
  };
}

function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Whether the package that the folder belongs to says that it cannot do without this one. */
function isDependency(name: string, directory: string): boolean {
  const packageFile = path.join(directory, 'package.json');
  if (existsSync(packageFile)) {
    const { name: own, dependencies, optionalDependencies } = JSON.parse(readFileSync(packageFile, 'utf8'));
    // Some packages have nameless package.json files in their folders, for `type` alone.
    if (own) return name in (dependencies ?? {}) && !(name in (optionalDependencies ?? {}));
  }
  const parent = path.dirname(directory);
  return parent !== directory && isDependency(name, parent);
}

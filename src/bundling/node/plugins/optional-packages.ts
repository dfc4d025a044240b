import { existsSync, readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';
import { OWN_REQUEST } from './own-request';

/**
 * Leaves out optional packages that are not installed. Frameworks require packages that a project may or may not have, e.g. NestJS its
 * WebSocket, microservice and validation packages. As on a plain server, such a `require` throws only when it is called.
 * A package that another one lists in its `dependencies` is not optional: it is still an error if it is missing.
 */
export function optionalPackages(): Plugin {
  return {
    name: 'optional-packages',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async args => {
        if (args.pluginData === OWN_REQUEST || !/[\\/]node_modules[\\/]/.test(args.importer)) return undefined;
        if (args.kind !== 'require-call' && args.kind !== 'dynamic-import' && args.kind !== 'require-resolve') return undefined;
        const name = packageNameOf(args.path);
        if (args.path.startsWith('node:') || builtinModules.includes(name)) return undefined;
        const { importer, kind, namespace, resolveDir } = args;
        if (isFoundByNode(args.path, resolveDir)) return undefined;
        const found = await build.resolve(args.path, { importer, kind, namespace, resolveDir, pluginData: OWN_REQUEST });
        if (found.errors.length === 0 || isDependency(name, resolveDir)) return undefined;
        return { path: args.path, external: true };
      });
    },
  };
}

/** A quick answer for almost all packages. Where Node finds nothing, esbuild may, such as by the paths of a tsconfig. */
function isFoundByNode(specifier: string, directory: string): boolean {
  try {
    createRequire(path.join(directory, 'importer.js')).resolve(specifier);
    return true;
  } catch {
    return false;
  }
}

function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Whether the package of the folder lists the other package in its `dependencies`. */
function isDependency(name: string, directory: string): boolean {
  const packageFile = path.join(directory, 'package.json');
  if (existsSync(packageFile)) {
    const { name: own, dependencies, optionalDependencies } = JSON.parse(readFileSync(packageFile, 'utf8'));
    // Some packages have further package.json files in their folders, without a name, which only set `type`.
    if (own) return name in (dependencies ?? {}) && !(name in (optionalDependencies ?? {}));
  }
  const parent = path.dirname(directory);
  return parent !== directory && isDependency(name, parent);
}

import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';
import { OWN_REQUEST } from './own-request';
import { adviceToInstall, NpmPackage, packageOf } from '../../npm-package';

/** Packages that other packages use to find their own native code. */
export const NATIVE_CODE_LOADERS: readonly string[] = ['@mapbox/node-pre-gyp', 'bindings', 'node-gyp-build', 'node-pre-gyp', 'prebuild-install'];

/**
 * Warns about bundled packages with native code: the bundle contains their JavaScript, but not the native code that it loads.
 * It is not an error, because some packages also work without their native code, only slower.
 */
export function nativePackages(): Plugin {
  return {
    name: 'native-packages',
    setup(build) {
      const unbuilt = new Set<string>();
      build.onResolve({ filter: /^\.\.?\/.*\.node$/ }, async ({ path: file, importer, kind, namespace, resolveDir, pluginData }) => {
        const owner = packageOf(importer.split(path.sep).join('/'));
        if (pluginData === OWN_REQUEST || !owner) return undefined;
        // It may be `file.node.js`.
        const { errors } = await build.resolve(file, { importer, kind, namespace, resolveDir, pluginData: OWN_REQUEST });
        // It was not built, because nothing here can compile it or install scripts are forbidden. Most packages catch what Node throws.
        if (errors.length === 0) return undefined;
        unbuilt.add(path.resolve(owner.folder));
        return { path: file, external: true };
      });
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return undefined;
        const root = build.initialOptions.absWorkingDir!;
        const packages = new Map<string, NpmPackage>();
        for (const found of Object.keys(metafile.inputs).map(packageOf)) if (found) packages.set(found.folder, found);
        return {
          warnings: [...packages.values()].filter(({ folder }) => {
            const absolute = path.resolve(root, folder);
            return unbuilt.has(absolute) || isNative(absolute);
          }).map(found => ({
            text: `${found.name} has native code, which is not in the bundle; ${adviceToInstall(metafile, root, found)}`,
          })),
        };
      });
    },
  };
}

function isNative(folder: string): boolean {
  const packageFile = path.join(folder, 'package.json');
  if (!existsSync(packageFile)) return false;
  const { gypfile, dependencies, optionalDependencies } = JSON.parse(readFileSync(packageFile, 'utf8'));
  return gypfile === true
    || NATIVE_CODE_LOADERS.some(name => name in (dependencies ?? {}))
    // Native code in a package for each platform, such as `@img/sharp-linux-x64`.
    || Object.keys(optionalDependencies ?? {}).some(name => /linux-(x64|arm64)/.test(name));
}

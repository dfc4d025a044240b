import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';

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
      build.onEnd(({ metafile }) => {
        const folders = new Set(Object.keys(metafile?.inputs ?? {}).map(packageFolderOf).filter(folder => folder !== undefined));
        return {
          warnings: [...folders].filter(folder => isNative(path.resolve(build.initialOptions.absWorkingDir!, folder))).map(folder => {
            const name = folder.replace(/.*node_modules\//, '');
            return { text: `${name} has native code, which is not in the bundle; add ${JSON.stringify(name)} to nodeModules, which installs it for Lambda` };
          }),
        };
      });
    },
  };
}

function packageFolderOf(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
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

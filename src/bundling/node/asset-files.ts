import { existsSync, realpathSync } from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';

/** A file or folder that the app reads at run time. */
export interface AssetFile {
  /** The path on this machine. */
  readonly source: string;
  /** The path in the asset, which is the path relative to the project root, with slashes. */
  readonly target: string;
}

/** Finds the files and folders that are uploaded with the app. */
export function findAssets(scope: Construct, projectRoot: string, assets: string[]): AssetFile[] {
  return assets.map(asset => {
    const source = path.resolve(projectRoot, asset);
    const target = path.relative(projectRoot, source);
    if (target === '') {
      throw new Error(`${scope.node.path}: asset ${JSON.stringify(asset)} is the whole project; list only the files and folders that the app reads`);
    }
    if (target === '..' || target.startsWith(`..${path.sep}`) || path.isAbsolute(target)) {
      throw new Error(`${scope.node.path}: asset ${JSON.stringify(asset)} is outside of the project root ${projectRoot}, `
        + 'so the app could not find it on Lambda; move or copy it into the project');
    }
    if (!existsSync(source)) {
      throw new Error(`${scope.node.path}: asset ${JSON.stringify(asset)} does not exist; it is looked up from the project root, as ${source}`);
    }
    return { source: realpathSync(source), target: target.split(path.sep).join('/') };
  });
}

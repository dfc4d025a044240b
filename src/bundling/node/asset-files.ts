import { existsSync, realpathSync } from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { FileSelection, selectFiles } from '../select-files';
import { UploadRules } from '../upload-rules';
import { warnOfDoubtfulFiles } from '../warn-of-doubtful-files';

/** Finds the files that are uploaded with the app. On Lambda they have the paths that they have in the project. */
export function findAssets(scope: Construct, projectRoot: string, assets: string[], exclude: string[]): FileSelection {
  const root = realpathSync(projectRoot);
  const rules = new UploadRules(scope, root, exclude);
  const files = assets.map(asset => {
    const file = fileOf(scope, root, asset);
    const reason = rules.reasonToLeaveOut(file);
    if (reason !== undefined) {
      throw new Error(`${scope.node.path}: asset ${JSON.stringify(asset)} is not uploaded: ${reason}; remove it from assets, or upload it `
        + `anyway with exclude: [${JSON.stringify(`!${rules.patternOf(file)}`)}]`);
    }
    return file;
  });
  const selection = selectFiles(rules, files);
  warnOfDoubtfulFiles(scope, selection.doubtful);
  return selection;
}

function fileOf(scope: Construct, root: string, asset: string): string {
  const file = path.resolve(root, asset);
  const target = path.relative(root, file);
  if (target === '') {
    throw new Error(`${scope.node.path}: asset ${JSON.stringify(asset)} is the whole project; list only the files and folders that the app reads`);
  }
  if (target === '..' || target.startsWith(`..${path.sep}`) || path.isAbsolute(target)) {
    throw new Error(`${scope.node.path}: asset ${JSON.stringify(asset)} is outside of the project root ${root}, `
      + 'so the app could not find it on Lambda; set projectRoot to a folder above both, e.g. the root of the repository');
  }
  if (!existsSync(file)) {
    throw new Error(`${scope.node.path}: asset ${JSON.stringify(asset)} does not exist; it is looked up from the project root, as ${file}`);
  }
  return file;
}

import { constants, copyFileSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import * as path from 'node:path';
import { FileSelection, RemarkableFile } from '../select-files';
import { UploadRule, UploadRules } from '../upload-rules';

/** What only a development machine needs, in addition to what is left out of all assets. */
export const DEVELOPMENT_FILES: UploadRule[] = [
  { patterns: ['node_modules/**/*.d.ts', 'node_modules/**/*.d.mts', 'node_modules/**/*.d.cts'], reason: 'types, which only a compiler reads' },
  { patterns: ['node_modules/**/*.map'], reason: 'a source map of a package' },
  { patterns: ['*.tsbuildinfo', '*.nft.json'], reason: 'belongs to the build' },
];

/** Copies a folder or file with its links and times, without what the rules leave out, and returns what that is. */
export function copyFolder(rules: UploadRules, source: string, target: string): Omit<FileSelection, 'files'> {
  const leftOut: RemarkableFile[] = [];
  const doubtful: RemarkableFile[] = [];
  const name = (file: string) => path.relative(rules.root, file).split(path.sep).join('/');
  const copy = (file: string, to: string) => {
    const reason = file === rules.root ? undefined : rules.reasonToLeaveOut(file);
    if (reason !== undefined) {
      leftOut.push({ path: name(file), reason });
      return;
    }
    const stats = lstatSync(file);
    if (stats.isDirectory()) {
      mkdirSync(to, { recursive: true });
      for (const each of readdirSync(file).sort()) copy(path.join(file, each), path.join(to, each));
    } else if (stats.isSymbolicLink()) {
      copyLink(rules, file, to);
    } else if (stats.isFile()) {
      rmSync(to, { force: true });
      copyFileSync(file, to, constants.COPYFILE_FICLONE);
      utimesSync(to, stats.atime, stats.mtime);
      const doubt = rules.doubtAbout(file);
      if (doubt) doubtful.push({ path: name(file), reason: doubt });
    }
  };
  mkdirSync(path.dirname(target), { recursive: true });
  copy(source, target);
  return { leftOut, doubtful };
}

/** A link that leads out of the folder would lead to nothing on Lambda. */
function copyLink(rules: UploadRules, file: string, to: string): void {
  const target = readlinkSync(file);
  const end = path.relative(rules.root, path.resolve(realpathSync(path.dirname(file)), target));
  if (end === '..' || end.startsWith(`..${path.sep}`) || path.isAbsolute(end)) {
    throw new Error(`${rules.constructPath}: the link ${file} leads out of ${rules.root}, to ${target}, so it cannot be uploaded; copy what it leads to into the folder, `
      + `ship the folder that holds both, or leave it out with exclude: [${JSON.stringify(rules.patternOf(file))}]`);
  }
  rmSync(to, { force: true, recursive: true });
  // Relative, since the folder has another path on Lambda.
  symlinkSync(path.isAbsolute(target) ? path.relative(path.dirname(file), target) : target, to);
}

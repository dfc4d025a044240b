import { PackageSize } from './bundle-sizes';
import { listFiles } from './list-files';
import { FileSelection } from './select-files';

/** What is in a bundle and what is not. It is written as JSON beside the asset, as `asset.<hash>.contents.json`. */
export interface BundleListing {
  /** The size of all files, unzipped. */
  readonly bytes: number;
  /** The size by package, the largest first. */
  readonly packages: readonly PackageSize[];
  /** What the rules or `exclude` left out of the user's files, and why. */
  readonly leftOut: FileSelection['leftOut'];
  /** Files that are uploaded with a warning. */
  readonly doubtful: FileSelection['doubtful'];
  /** The paths of all files, with slashes. */
  readonly files: string[];
}

/** Lists a bundle. */
export function listBundle(directory: string, packages: readonly PackageSize[], { leftOut, doubtful }: Omit<FileSelection, 'files'>): BundleListing {
  return { bytes: packages.reduce((sum, { bytes }) => sum + bytes, 0), packages, leftOut, doubtful, files: listFiles(directory).sort() };
}

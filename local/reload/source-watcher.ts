import * as path from 'node:path';
import { FSWatcher, watch } from 'chokidar';
import { isBelow } from './watched-app';

/** Folders that have no sources, or too many files of others. */
const IGNORED = /^(\..+|node_modules|cdk\.out|__pycache__|venv|coverage|htmlcov|.*\.egg-info)$/;

/** Reports edits of files below folders, which may change. */
export class SourceWatcher {
  private readonly watcher: FSWatcher;
  private readonly watched = new Set<string>();

  /**
   * @param left folders that are not watched wherever they are
   * @param onEdit called for a file that was changed, added or removed; and, with the time of its last change, for each file that
   * is there when its folder is first watched
   */
  constructor(private readonly left: readonly string[], onEdit: (file: string, modifiedAt?: number) => void) {
    this.watcher = watch([], { alwaysStat: true, followSymlinks: false, ignored: (file) => this.isIgnored(file) });
    // Of a file that is added later, the time of its change is that of its addition, as good as no time.
    this.watcher.on('add', (file, stats) => onEdit(path.resolve(file), stats?.mtimeMs));
    this.watcher.on('change', (file) => onEdit(path.resolve(file)));
    this.watcher.on('unlink', (file) => onEdit(path.resolve(file)));
    // A folder that cannot be read is not a reason to end.
    this.watcher.on('error', () => undefined);
  }

  /** Also watches these files, and folders with all below them. */
  watch(files: readonly string[]): void {
    const added = files.map((file) => path.resolve(file)).filter((file) => ![...this.watched].some((folder) => isBelow(file, folder)));
    for (const file of added) this.watched.add(file);
    if (added.length > 0) this.watcher.add(added);
  }

  async stop(): Promise<void> {
    await this.watcher.close();
  }

  private isIgnored(file: string): boolean {
    if (this.left.some((folder) => isBelow(file, path.resolve(folder)))) return true;
    const root = [...this.watched].find((folder) => isBelow(file, folder));
    return path.relative(root ?? file, file).split(path.sep).some((part) => IGNORED.test(part));
  }
}

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { atExit } from './at-exit';

/** A folder that nobody else can open, for everything that is written while the doors are served. */
export class Workspace {
  /**
   * Creates the folder. It is removed when the process ends, in whatever way, except by SIGKILL.
   *
   * @throws when it cannot be created
   */
  static create(): Workspace {
    try {
      // Resolved, since the functions see it resolved: /tmp is a link on macOS.
      return new Workspace(fs.mkdtempSync(path.join(fs.realpathSync(tmpdir()), 'cdk-wrapped-web-app-')));
    } catch (error) {
      throw new Error(`cannot create a temporary folder in ${tmpdir()}: ${(error as Error).message}; free some space, or set TMPDIR to another folder`);
    }
  }

  private readonly copiedPath: RegExp;
  private readonly copies: { readonly asset: string; readonly project: string }[] = [];

  private constructor(readonly directory: string) {
    const prefix = directory.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    this.copiedPath = new RegExp(`${prefix}/(\\d+)(/[^\\s"'():,\\\\]*)`, 'g');
    atExit(this.removeAtExit);
  }

  /**
   * Returns the path of a new folder for a copy of an asset. It ends with the path of the project that the asset was made from, so that the
   * names of files in stack traces and source maps lead to the user's own files, even by `..`.
   */
  folderFor(asset: string, project = asset): string {
    this.copies.push({ asset, project });
    return path.join(this.directory, String(this.copies.length), path.relative(path.parse(project).root, project));
  }

  /** Replaces the paths of copies in a text by those of the user's files, or of files in the asset. */
  showOriginals(text: string): string {
    if (!text.includes(this.directory)) return text;
    return text.replace(this.copiedPath, (_, number: string, file: string) => {
      const { asset, project } = this.copies[Number(number) - 1];
      const inAsset = path.join(asset, path.relative(project, file));
      return !fs.existsSync(file) && fs.existsSync(inAsset) ? inAsset : file;
    });
  }

  private readonly removeAtExit = (): void => this.remove();

  /** Removes a folder that is no longer needed. What cannot be removed now is removed in the end. */
  discard(folder: string): void {
    const [number] = path.relative(this.directory, folder).split(path.sep);
    try {
      removeFolder(path.join(this.directory, number));
    } catch {
      // A process that was just ended may still write.
    }
  }

  /** Removes the folder with all copies. */
  remove(): void {
    // It stays to be removed at exit as well: a copy that is under way may make the folder again.
    removeFolder(this.directory);
  }
}

/** How often a folder is removed into which something still writes: a process that was just ended, or a copy that is under way. */
const ATTEMPTS = 10;
const PAUSE_MS = 50;

/** Not with `maxRetries` of `rmSync`: it does not look again for what was written since. */
function removeFolder(directory: string): void {
  for (let attempt = 1; ; attempt++) {
    makeWritable(directory);
    try {
      fs.rmSync(directory, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** Files can be removed only from folders that can be written to. */
function makeWritable(directory: string): void {
  try {
    fs.chmodSync(directory, 0o700);
    for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) makeWritable(path.join(directory, entry.name));
    }
  } catch {
    // It is gone.
  }
}

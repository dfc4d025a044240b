import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { UploadRules } from './upload-rules';

/** A file that is uploaded. */
export interface SelectedFile {
  /** Its real path on this machine. */
  readonly source: string;
  /** Its path below the root, with slashes. Through a link it differs from the source. */
  readonly target: string;
}

/** A file or folder that is not uploaded, or only with a warning. */
export interface RemarkableFile {
  /** The path below the root, with slashes. */
  readonly path: string;
  readonly reason: string;
}

/** What is uploaded of a folder. */
export interface FileSelection {
  readonly files: SelectedFile[];
  readonly leftOut: RemarkableFile[];
  readonly doubtful: RemarkableFile[];
}

/**
 * Selects the files that are uploaded, without reading or copying them.
 *
 * Symbolic links are followed, because their targets do not exist on Lambda, and the rules count for the targets as well. A link out of the
 * root and a link into a folder that contains it are errors.
 *
 * @param start the folders and files to look through, below the root of the rules
 */
export function selectFiles(rules: UploadRules, start: string[] = [rules.root]): FileSelection {
  const walk = new Walk(rules);
  for (const file of start) {
    if (file === rules.root) walk.list(file, file, []);
    else walk.visit(file, walk.resolve(file), []);
  }
  return { files: [...walk.files.values()], leftOut: [...walk.leftOut.values()], doubtful: [...walk.doubtful.values()] };
}

class Walk {
  public readonly files = new Map<string, SelectedFile>();
  public readonly leftOut = new Map<string, RemarkableFile>();
  public readonly doubtful = new Map<string, RemarkableFile>();

  constructor(private readonly rules: UploadRules) {}

  /** @param above the real paths of the folders that are being walked through */
  public visit(file: string, real: string | undefined, above: string[]): void {
    const name = this.nameOf(file);
    const reason = this.reasonToLeaveOut(file, real);
    if (reason !== undefined || real === undefined) {
      this.leftOut.set(name, { path: name, reason: reason ?? `a link to ${readlinkSync(file)}, which does not exist` });
      return;
    }
    const stats = statSync(real);
    if (stats.isDirectory()) {
      if (above.includes(real)) this.refuse(file, `leads back into ${this.nameOf(real) || 'the root'}, which contains it`, 'remove it');
      this.list(file, real, above);
    } else if (stats.isFile()) {
      this.files.set(name, { source: real, target: name });
      const doubt = this.rules.doubtAbout(file) ?? (real === file ? undefined : this.rules.doubtAbout(real));
      if (doubt) this.doubtful.set(name, { path: name, reason: doubt });
    } else {
      this.leftOut.set(name, { path: name, reason: 'neither a file nor a folder' });
    }
  }

  public list(folder: string, real: string, above: string[]): void {
    for (const name of readdirSync(real).sort()) {
      const [file, inReal] = [path.join(folder, name), path.join(real, name)];
      this.visit(file, lstatSync(inReal).isSymbolicLink() ? this.resolve(file) : inReal, [...above, real]);
    }
  }

  /** The real path, as far as it matters: undefined if the target of a link does not exist, or if the link is left out anyway. */
  public resolve(file: string): string | undefined {
    if (this.rules.reasonToLeaveOut(file)) return undefined;
    let real: string;
    try {
      real = realpathSync(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ELOOP') this.refuse(file, `leads in a circle, through ${readlinkSync(file)}`, 'remove it');
      if (code === 'ENOENT') return undefined;
      throw error;
    }
    if (!real.startsWith(this.rules.root + path.sep) && real !== this.rules.root) {
      this.refuse(file, `leads out of ${this.rules.root}, to ${real}`, 'put what it points to into that folder');
    }
    return real;
  }

  private reasonToLeaveOut(file: string, real: string | undefined): string | undefined {
    const reason = this.rules.reasonToLeaveOut(file);
    if (reason !== undefined || real === undefined || real === file) return reason;
    for (const target of pathsBetween(this.rules.root, real)) {
      const ofTarget = this.rules.reasonToLeaveOut(target);
      if (ofTarget !== undefined) return `a link to ${this.nameOf(real)}: ${ofTarget}`;
    }
    return undefined;
  }

  private refuse(file: string, problem: string, fix: string): never {
    throw new Error(`${this.rules.constructPath}: the link ${file} ${problem}, so it cannot be uploaded; ${fix}, or leave it out with `
      + `exclude: [${JSON.stringify(this.rules.patternOf(file))}]`);
  }

  private nameOf(file: string): string {
    return path.relative(this.rules.root, file).split(path.sep).join('/');
  }
}

/** The folders below the root on the way to a file, and the file. */
function pathsBetween(root: string, file: string): string[] {
  const names = path.relative(root, file).split(path.sep).filter(Boolean);
  return names.map((_, index) => path.join(root, ...names.slice(0, index + 1)));
}

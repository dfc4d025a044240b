import * as fs from 'node:fs';
import * as path from 'node:path';
import { WatchedApp } from './watched-app';

/** Folders of a project that are never uploaded, besides those that are not watched. */
const NOT_UPLOADED = /(^|[\\/])(tests|htmlcov|[^\\/]*\.egg-info|\.env[^\\/]*)([\\/]|$)/;

/**
 * A copy of a Python app's asset in which the app's own files are replaced as they are edited. A Python bundle contains them as
 * they are, so packages need not be installed again.
 */
export class PythonOverlay {
  /**
   * @param directory an empty folder
   */
  constructor(private readonly app: WatchedApp, bundle: string, readonly directory: string) {
    fs.cpSync(bundle, directory, { recursive: true });
  }

  /** Takes over files of the project, as they are now. Returns whether there was anything to take. */
  apply(files: Iterable<string>): boolean {
    let changed = false;
    for (const file of files) changed = this.applyFile(file) || changed;
    return changed;
  }

  private applyFile(file: string): boolean {
    const inAsset = this.app.pathInAsset(file);
    const target = path.join(this.directory, inAsset);
    // Its bytecode is never compared with it.
    const bytecode = path.join(path.dirname(target), '__pycache__');
    const stem = path.basename(target, '.py');
    const compiled = fs.existsSync(bytecode) ? fs.readdirSync(bytecode).filter((name) => name.startsWith(`${stem}.`)) : [];
    const isKnown = fs.existsSync(target);
    const exists = fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
    if (!exists && !isKnown) return false;
    if (exists && !isKnown && NOT_UPLOADED.test(inAsset)) return false;
    for (const name of compiled) fs.rmSync(path.join(bytecode, name));
    if (!exists) {
      fs.rmSync(target, { recursive: true });
      return true;
    }
    if (isKnown && fs.readFileSync(target).equals(fs.readFileSync(file))) return compiled.length > 0;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.rmSync(target, { force: true });
    fs.copyFileSync(file, target);
    return true;
  }
}

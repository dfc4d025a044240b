import * as fs from 'node:fs';
import * as path from 'node:path';
import { BundlingRecord, readBundlingRecord, sourcesOf } from './bundling-record';

/** Files of a Node project that change what is bundled, though they are not part of it. */
const NODE_SETTINGS = /^(package\.json|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|tsconfig(\..+)?\.json)$/;

/** Files of a Python project that name its packages. */
const PYTHON_SETTINGS = /(^|[\\/])(requirements[^\\/]*([\\/][^\\/]+)?\.(txt|in)|pyproject\.toml|uv\.(lock|toml)|pylock(\.[^\\/]+)?\.toml|poetry\.lock|Pipfile(\.lock)?|setup\.(py|cfg))$/;

/** Files that a Python app's folder may have, but that are those of a stack in another language. */
const NOT_PYTHON = /^(cdk.*\.json|package(-lock)?\.json|tsconfig.*\.json|.*\.[cm]?tsx?)$/;

/** An asset that can be bundled again, with the apps that have it. */
export class WatchedApp {
  /** Returns undefined if the asset has no record. */
  static of(asset: string, appPaths: readonly string[]): WatchedApp | undefined {
    const found = readBundlingRecord(asset);
    return found && new WatchedApp(asset, appPaths, found.record, found.writtenAt);
  }

  /** Whether the last attempt to bundle failed. Then a new file may be what was missing. */
  failed = false;
  /** The name of the folder that is served, which has the hash of what is in it. */
  bundle: string;
  /** Edits since the asset was bundled. */
  readonly edited = new Set<string>();
  private sources: ReadonlySet<string> | undefined;

  private constructor(
    /** The folder in the cloud assembly. */
    readonly asset: string,
    readonly appPaths: readonly string[],
    readonly record: BundlingRecord,
    readonly bundledAt: number,
  ) {
    this.bundle = path.basename(asset);
    this.readSources(asset);
  }

  /** Sources outside of the root, such as those of a linked package. */
  get sourcesElsewhere(): readonly string[] {
    return [...this.sources ?? []].filter((file) => !isBelow(file, this.record.root));
  }

  /** Another bundle may have other sources. */
  readSources(bundle: string): void {
    if (this.record.kind === 'node') this.sources = sourcesOf(bundle, this.record.root);
  }

  /** Whether the app may be another one when this file is. */
  owns(file: string): boolean {
    const { kind, root, copied } = this.record;
    const name = path.basename(file);
    // The root may be the folder src of the project.
    if (kind === 'python') return (isBelow(file, root) && !NOT_PYTHON.test(name)) || (isBelow(root, path.dirname(file)) && this.changesPackages(file));
    if (this.sources?.has(file)) return true;
    if (path.dirname(file) === root && NODE_SETTINGS.test(name)) return true;
    if ((copied ?? []).some((folder) => isBelow(file, path.join(root, folder)))) return true;
    return this.failed && isBelow(file, root) && /\.[cm]?[jt]sx?$|\.json$/.test(name);
  }

  /** Whether packages have to be installed again. */
  changesPackages(file: string): boolean {
    return this.record.kind === 'python' && PYTHON_SETTINGS.test(file);
  }

  /** The path of a file in the asset. */
  pathInAsset(file: string): string {
    return path.relative(realPath(this.record.root), realPath(file));
  }
}

export function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}

function realPath(file: string): string {
  const existing = fs.existsSync(file) ? fs.realpathSync(file) : path.join(fs.realpathSync(nearestFolder(path.dirname(file))), path.basename(file));
  return existing;
}

function nearestFolder(folder: string): string {
  return fs.existsSync(folder) ? folder : nearestFolder(path.dirname(folder));
}

import * as fs from 'node:fs';
import * as path from 'node:path';

/** The parts of a package.json that matter here. */
export interface PackageFile {
  readonly name?: string;
  readonly main?: string;
  readonly module?: string;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Reads the package.json of a folder, if it has one.
 *
 * @throws when it is not JSON
 */
export function readPackage(directory: string): PackageFile | undefined {
  const file = path.join(directory, 'package.json');
  if (!fs.existsSync(file)) return undefined;
  try {
    const parsed = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('it is not an object');
    return parsed;
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** All packages that a project asks for, with their versions. */
export function dependenciesOf(file: PackageFile | undefined): Readonly<Record<string, string>> {
  return { ...file?.optionalDependencies, ...file?.peerDependencies, ...file?.devDependencies, ...file?.dependencies };
}

/**
 * Returns the text of a package.json with more devDependencies, and everything else as it was.
 * A package that it has already keeps its version.
 */
export function withDevDependencies(text: string, added: Readonly<Record<string, string>>): string {
  const file = JSON.parse(text.replace(/^\ufeff/, '')) as PackageFile;
  const known = dependenciesOf(file);
  const missing = Object.entries(added).filter(([name]) => !(name in known));
  if (missing.length === 0) return text;
  // As npm sorts them.
  const devDependencies = Object.fromEntries(Object.entries({ ...file.devDependencies, ...Object.fromEntries(missing) }).sort(([a], [b]) => a.localeCompare(b, 'en')));
  const [, indent = '  '] = /^[{\s]*?\n([ \t]+)"/.exec(text) ?? [];
  const json = JSON.stringify({ ...file, devDependencies }, null, indent) + (/\n\s*$/.test(text) ? '\n' : '');
  return text.includes('\r\n') ? json.replace(/\n/g, '\r\n') : json;
}

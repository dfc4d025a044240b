import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { findAnyPython } from './find-python';
import { INSPECT } from './inspect-script';
import { PythonEntry } from './python-entry';

/** What Python finds in the app's own modules. */
interface Inspection {
  /** As in `3.13`. */
  readonly version: string;
  readonly errors: { readonly file: string; readonly line: number; readonly message: string }[];
  /** Modules of the sources that are imported when the app is, as far as their text shows. */
  readonly imports: { readonly file: string; readonly line: number; readonly name: string }[];
  readonly standard: string[];
}

/** Modules that left the standard library, by the minor version that has them no more: https://peps.python.org/pep-0594/ */
const REMOVED: { [minor: number]: string[] } = {
  12: ['asynchat', 'asyncore', 'distutils', 'imp', 'smtpd'],
  13: [
    'aifc', 'audioop', 'cgi', 'cgitb', 'chunk', 'crypt', 'imghdr', 'lib2to3', 'mailcap', 'msilib', 'nis', 'nntplib', 'ossaudiodev', 'pipes', 'sndhdr', 'spwd',
    'sunau', 'telnetlib', 'uu', 'xdrlib',
  ],
};

/** Modules that were added to the standard library. */
const ADDED: { [minor: number]: string[] } = { 11: ['tomllib'], 14: ['annotationlib', 'compression'] };

/** Packages in Lambda's Python runtimes: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html */
const OF_LAMBDA = ['awslambdaric', 'boto3', 'botocore', 'dateutil', 'jmespath', 's3transfer', 'six', 'snapshot_restore_py', 'urllib3'];

/**
 * Checks the app's own modules in the bundle. A syntax error for the Python version of the function is an error, and a module that is
 * imported but not there is a warning. The sources are only read. Without any Python on the machine nothing is checked, which is said.
 *
 * @param sources the modules of the user in the bundle, relative to it
 * @param complete whether the bundle has its packages. In Docker they are added later.
 */
export function inspectSources(scope: Construct, entry: PythonEntry, bundle: string, sources: string[], version: string, complete: boolean): void {
  const python = findAnyPython(version);
  if (python === undefined) {
    cdk.Annotations.of(scope).addInfo('the syntax and the imports of the app are not checked, because this machine has no Python 3.10 or later');
    return;
  }
  const input = JSON.stringify({ entry: entry.relativeFile, files: sources.filter(file => isImportable(file)), minor: minorOf(version) });
  const done = spawnSync(python, ['-I', '-S', '-W', 'ignore', '-c', INSPECT], { cwd: bundle, input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(`${scope.node.path}: cannot read the Python files of the app with ${python}: ${done.error?.message ?? done.stderr}`);
  const found: Inspection = JSON.parse(done.stdout);
  refuseSyntaxErrors(scope, entry, found, version);
  if (complete) warnOfMissing(scope, bundle, found, version);
}

/** A newer Python than that of the machine may know more syntax. */
function refuseSyntaxErrors(scope: Construct, { root }: PythonEntry, found: Inspection, version: string): void {
  if (found.errors.length === 0) return;
  const lines = found.errors.map(({ file, line, message }) => `${path.join(root, file)}:${line}: ${message}`);
  if (minorOf(found.version) < minorOf(version)) {
    cdk.Annotations.of(scope).addInfo(`Python ${found.version} of this machine cannot read these files, and there is no Python ${version} to check them with: ${lines.join('; ')}`);
    return;
  }
  throw new Error(`${scope.node.path}: ${lines.length === 1 ? 'a file is' : `${lines.length} files are`} not valid Python ${version}: ${lines.join('; ')}; `
    + 'correct what the app imports, and leave the others out with AppSource.python(entry, { exclude })');
}

function warnOfMissing(scope: Construct, bundle: string, { imports, standard }: Inspection, version: string): void {
  const until = (table: { [minor: number]: string[] }) => Object.entries(table).filter(([minor]) => Number(minor) <= minorOf(version));
  const removed = new Map(until(REMOVED).flatMap(([minor, names]) => names.map(name => [name, minor] as const)));
  const added = until(ADDED).flatMap(([, names]) => names);
  const known = new Set([...standard.filter(name => !removed.has(name)), ...added, ...OF_LAMBDA]);
  const provided = new Map<string, boolean>();
  const isThere = (name: string) => provided.get(name) ?? provided.set(name, isInBundle(bundle, name)).get(name)!;
  const missing = imports.filter(({ name }) => !known.has(name) && !isThere(name));
  if (missing.length === 0) return;
  const lines = missing.map(({ file, line, name }) => `${file}:${line} imports ${name}${removed.has(name) ? `, which Python 3.${removed.get(name)} removed` : ''}`);
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:missing-import',
    `not in the bundle, and not in Python ${version}: ${lines.join('; ')}; add the package to the dependencies and lock them again`);
}

/** A module may also be one library, such as `_cffi_backend.cpython-313-x86_64-linux-gnu.so`. */
function isInBundle(bundle: string, name: string): boolean {
  return existsSync(path.join(bundle, name)) || readdirSync(bundle).some(file => file.startsWith(`${name}.`) && /\.(?:py|pyc|so)$/.test(file));
}

/** Templates of generators, such as `{{name}}/main.py`, and scripts with a dash are no modules. */
function isImportable(file: string): boolean {
  return file.replace(/\.py$/, '').split('/').every(name => /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name));
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

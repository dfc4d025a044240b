import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { tableOf } from './refuse-unlocked';

/** The minor versions of Python that Lambda has and this library supports. */
const MINORS = [10, 11, 12, 13, 14];

/** Throws if the project says that it does not run on the Python version of the function. */
export function checkPythonVersion(scope: Construct, project: string | undefined, root: string, version: string): void {
  const folders = [...new Set([project, root].filter(folder => folder !== undefined))];
  for (const folder of folders) {
    checkRequiresPython(scope, path.join(folder, 'pyproject.toml'), version);
    checkVersionFile(scope, path.join(folder, '.python-version'), version);
  }
}

/** https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python */
function checkRequiresPython(scope: Construct, file: string, version: string): void {
  if (!existsSync(file)) return;
  const toml = readFileSync(file, 'utf8');
  const [, , specifier] = /^requires-python\s*=\s*(["'])(.*?)\1/m.exec(tableOf(toml, 'project')) ?? [];
  if (specifier === undefined || allows(specifier, minorOf(version))) return;
  throw new Error(`${scope.node.path}: ${file} has requires-python = "${specifier}", but the function runs on Python ${version}; `
    + fix(MINORS.filter(minor => allows(specifier, minor)), 'requires-python'));
}

/** One version a line, as pyenv and uv read it. Lines that name no version of CPython are left to the tools that know them. */
function checkVersionFile(scope: Construct, file: string, version: string): void {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split(/\r?\n/).map(line => line.replace(/#.*$/, '').trim()).filter(line => line !== '');
  const minors = lines.map(line => /^(?:cpython-|python-?)?3\.(\d+)(?:\.\d+)?(?:[abrc.-].*)?$/.exec(line)?.[1]);
  if (minors.length === 0 || minors.includes(undefined) || minors.includes(String(minorOf(version)))) return;
  throw new Error(`${scope.node.path}: ${file} names Python ${lines.join(', ')}, but the function runs on Python ${version}; `
    + fix(MINORS.filter(minor => minors.includes(String(minor))), '.python-version'));
}

function fix(minors: number[], name: string): string {
  if (minors.length === 0) return `change ${name}: Lambda has Python ${MINORS.map(minor => `3.${minor}`).join(', ')}`;
  const newest = Math.max(...minors);
  return `set runtime: lambda.Runtime.PYTHON_3_${newest}, or change ${name}`;
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

/**
 * Whether some patch release of `3.<minor>` fits. Lambda chooses the patch release.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
function allows(specifier: string, minor: number): boolean {
  return specifier.split(',').every(part => {
    const [, operator, major, named, patch] = /^\s*(~=|===?|!=|<=|>=|<|>)\s*(\d+)(?:\.(\d+))?(?:\.(\d+|\*))?(?:\.\*)?[^,]*$/.exec(part) ?? [];
    if (operator === undefined) return true;
    // As one number, to compare 3.9 with 3.10. `3` and `3.*` have no minor version.
    const ofFunction = 3 * 1000 + minor;
    const given = Number(major) * 1000 + Number(named ?? 0);
    const wholeMajor = named === undefined;
    switch (operator) {
      case '>=': return ofFunction >= given;
      case '>': return wholeMajor || patch === undefined ? ofFunction > given : ofFunction >= given;
      case '<=': return ofFunction <= given;
      case '<': return patch !== undefined && Number(patch) > 0 ? ofFunction <= given : ofFunction < given;
      case '~=': return patch === undefined ? ofFunction >= given && Number(major) === 3 : ofFunction === given;
      case '!=': return !(ofFunction === given && (patch === '*' || (patch === undefined && /\.\*\s*$/.test(part))));
      default: return wholeMajor ? Number(major) === 3 : ofFunction === given;
    }
  });
}

import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** The file that lists the dependencies of the app. */
export interface PythonDependencies {
  readonly kind: 'requirements.txt' | 'uv.lock';
  /** The folder of the file. */
  readonly directory: string;
}

/** Files that are not supported, and the commands that write their contents to requirements.txt. */
const EXPORTS: [file: string, command: string][] = [
  ['poetry.lock', 'poetry export -f requirements.txt -o requirements.txt'],
  ['Pipfile.lock', 'pipenv requirements > requirements.txt'],
  ['Pipfile', 'pipenv lock && pipenv requirements > requirements.txt'],
];

/** Finds the dependency file of a project: `requirements.txt`, else `uv.lock`. Undefined if the project has no dependencies. */
export function findDependencies(scope: Construct, directory: string | undefined): PythonDependencies | undefined {
  if (directory === undefined) return undefined;
  const has = (file: string) => existsSync(path.join(directory, file));
  if (has('requirements.txt')) {
    warnOfUnpinned(scope, path.join(directory, 'requirements.txt'));
    return { kind: 'requirements.txt', directory };
  }
  if (has('pyproject.toml') && has('uv.lock')) return { kind: 'uv.lock', directory };

  const other = EXPORTS.find(([file]) => has(file));
  if (other) {
    throw new Error(`${scope.node.path}: dependencies cannot be installed from ${path.join(directory, other[0])}; `
      + `write them to requirements.txt with: ${other[1]}`);
  }
  if (has('pyproject.toml') && namesDependencies(readFileSync(path.join(directory, 'pyproject.toml'), 'utf8'))) {
    throw new Error(`${scope.node.path}: ${path.join(directory, 'pyproject.toml')} lists dependencies, but their versions are not locked; `
      + 'run uv lock, or write requirements.txt with: uv pip compile pyproject.toml -o requirements.txt');
  }
  return undefined;
}

/** Whether `[project]` has dependencies. A pyproject.toml can also contain only the configuration of tools. */
function namesDependencies(toml: string): boolean {
  const [, project = ''] = /^\[project\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(toml) ?? [];
  return /^dependencies\s*=\s*\[\s*(?:#.*\s*)*["']/m.test(project);
}

function warnOfUnpinned(scope: Construct, file: string): void {
  const unpinned = [...findUnpinned(file, new Set())];
  if (unpinned.length === 0) return;
  const named = unpinned.length > 5 ? `${unpinned.slice(0, 5).join(', ')} and ${unpinned.length - 5} more` : unpinned.join(', ');
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:unpinned',
    `${path.basename(file)} does not pin ${named}: two deployments of the same sources may differ; `
    + 'pin every dependency, e.g. with: uv pip compile requirements.in -o requirements.txt');
}

/** https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
function* findUnpinned(file: string, seen: Set<string>): Generator<string> {
  if (seen.has(file) || !existsSync(file)) return;
  seen.add(file);
  const lines = readFileSync(file, 'utf8').replace(/\\\r?\n/g, ' ').split(/\r?\n/).map(line => line.replace(/(^|\s)#.*$/, '').trim());
  for (const line of lines) {
    const [, included] = /^(?:-r|--requirement)[ =]?\s*(.+)$/.exec(line) ?? [];
    if (included) yield* findUnpinned(path.resolve(path.dirname(file), included), seen);
    const [, name] = /^([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?)\s*(?!.*(?:===?\s*[^\s*]+(?:\s|;|$)|@|\.whl\b|\/))/.exec(line) ?? [];
    if (name) yield name;
  }
}

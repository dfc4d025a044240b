import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { PythonTarget, targetArguments } from './python-target';
import { isFolder } from '../file-kinds';

/** Throws if the project has dependencies, but no file that locks their versions. */
export function refuseUnlocked(scope: Construct, directory: string, target: PythonTarget): void {
  const file = (name: string) => path.join(directory, name);
  const has = (name: string) => existsSync(file(name));
  const requirements = otherRequirements(directory);
  if (requirements.length > 0) {
    const list = requirements.map(name => path.relative(process.cwd(), file(name)).split(path.sep).join('/'));
    throw new Error(`${scope.node.path}: ${directory} has no requirements.txt, but ${requirements.join(', ')}; `
      + `name the files to install, e.g. AppSource.python(entry, { requirements: [${JSON.stringify(list[0])}] })`);
  }
  const compile = (source: string) => `uv pip compile ${source} --generate-hashes ${targetArguments(target).join(' ')} -o requirements.txt`;
  const refuse = (name: string, problem: string, fix: string) => {
    throw new Error(`${scope.node.path}: ${file(name)} ${problem}; run in ${directory}: ${fix}`);
  };
  if (has('pdm.lock')) refuse('pdm.lock', 'cannot be installed from', 'pdm export --prod -o requirements.txt');
  if (has('Pipfile')) refuse('Pipfile', 'lists dependencies, but their versions are not locked', 'pipenv lock');
  if (has('pyproject.toml')) {
    const toml = readFileSync(file('pyproject.toml'), 'utf8');
    if (namesPoetryDependencies(toml)) refuse('pyproject.toml', 'lists dependencies for Poetry, but their versions are not locked', 'poetry lock');
    if (namesDependencies(toml)) {
      refuse('pyproject.toml', 'lists dependencies, but their versions are not locked', `uv lock, or ${compile('pyproject.toml')}`);
    }
  }
  if (has('requirements.in')) refuse('requirements.in', 'lists dependencies, but their versions are not locked', compile('requirements.in'));
  for (const name of ['setup.cfg', 'setup.py']) {
    if (has(name) && /\binstall_requires\b/.test(readFileSync(file(name), 'utf8'))) {
      refuse(name, 'lists dependencies, but their versions are not locked', compile(name));
    }
  }
  for (const name of ['environment.yml', 'environment.yaml']) {
    if (has(name)) refuse(name, 'is for conda, whose packages do not run on Lambda', 'uv pip compile with a requirements.in of the packages that the app needs from PyPI');
  }
}

/** Requirements files that are in a folder or have a longer name, such as `requirements/base.txt` and `requirements-prod.txt`. */
export function otherRequirements(directory: string): string[] {
  const inFolder = path.join(directory, 'requirements');
  return [
    ...readdirSync(directory).filter(name => /^requirements[^/]*\.txt$/.test(name)),
    ...isFolder(inFolder) ? readdirSync(inFolder).filter(name => name.endsWith('.txt')).map(name => `requirements/${name}`) : [],
  ].sort();
}

/** Whether `[project]` has dependencies. A pyproject.toml can also contain only the configuration of tools. */
function namesDependencies(toml: string): boolean {
  const project = tableOf(toml, 'project');
  return /^dependencies\s*=\s*\[\s*(?:#.*\s*)*["']/m.test(project) || /^dynamic\s*=\s*\[[^\]]*["']dependencies["']/m.test(project);
}

function namesPoetryDependencies(toml: string): boolean {
  return /^(?!python\s*=)["']?[A-Za-z0-9][\w.-]*["']?\s*=/m.test(tableOf(toml, 'tool.poetry.dependencies'));
}

/** The lines of a table of a TOML file. */
export function tableOf(toml: string, name: string): string {
  const header = name.replace(/\./g, '\\s*\\.\\s*');
  const [, lines = ''] = new RegExp(`^\\[\\s*${header}\\s*\\][^\\n]*$([\\s\\S]*?)(?=^\\[|(?![\\s\\S]))`, 'm').exec(toml) ?? [];
  return lines;
}

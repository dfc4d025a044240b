import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { checkMachine } from './check-machine';
import { prunePackages } from './prune-packages';
import { PythonDependencies } from './python-dependencies';

/** The machine that packages are installed for. */
export interface PythonTarget {
  /** As in `3.13`. */
  readonly version: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
}

/** The file with the list of packages, which exists only during the installation. */
export const REQUIREMENTS = '.wrapped-web-app-requirements.txt';

/**
 * Installs the dependencies of an app for Lambda, with uv, or with pip if the machine has no uv.
 *
 * @returns false if the machine has neither
 */
export function installPythonPackages(constructPath: string, dependencies: PythonDependencies, target: PythonTarget, directory: string): boolean {
  const installer = findInstaller();
  if (!installer) return false;
  const requirements = writeRequirements(constructPath, dependencies, directory);
  const install = installer.arguments(target, directory, requirements);
  const done = run(installer.command, install, dependencies.directory);
  rmSync(path.join(directory, REQUIREMENTS), { force: true });
  if (done.status !== 0) throw new Error(describeFailure(constructPath, target, `${installer.command.join(' ')} ${install.join(' ')}`, done.output));
  prunePackages(directory);
  checkMachine(constructPath, directory, target.architecture);
  return true;
}

/** The installer of this machine and its version; undefined if it has neither uv nor pip. */
export function describeInstaller(): string | undefined {
  const installer = findInstaller();
  return installer && run(installer.command, ['--version']).stdout;
}

/** Lambda's Python 3.10 and 3.11 run on Amazon Linux 2 with glibc 2.26; 3.12 and later on Amazon Linux 2023 with 2.34. */
export function platformTagOf(version: string): 'manylinux2014' | 'manylinux_2_28' {
  return Number(version.split('.')[1]) < 12 ? 'manylinux2014' : 'manylinux_2_28';
}

/** Returns the requirements as a file: the one of the project, or a new one with the contents of its lock file. */
export function writeRequirements(constructPath: string, dependencies: PythonDependencies, directory: string): string {
  if (dependencies.kind === 'requirements.txt') return path.join(dependencies.directory, 'requirements.txt');
  const exportArguments = ['export', '--frozen', '--no-dev', '--no-emit-project', '--no-header', '--no-annotate', '--no-hashes', '--quiet'];
  const done = run(['uv'], exportArguments, dependencies.directory);
  if (done.status !== 0) {
    throw new Error(`${constructPath}: cannot read ${path.join(dependencies.directory, 'uv.lock')}: ${done.output || 'uv is not installed'}; `
      + 'install uv, or write requirements.txt with: uv export --frozen --no-dev --no-emit-project -o requirements.txt');
  }
  const file = path.join(directory, REQUIREMENTS);
  writeFileSync(file, done.stdout);
  return file;
}

interface Installer {
  readonly command: string[];
  arguments(target: PythonTarget, directory: string, requirements: string): string[];
}

const UV: Installer = {
  command: ['uv'],
  arguments: ({ version, architecture }, directory, requirements) => [
    'pip', 'install', '--quiet', '--no-progress', '--link-mode', 'copy', '--only-binary', ':all:',
    '--python-platform', `${machineOf(architecture)}-${platformTagOf(version)}`, '--python-version', version,
    '--target', directory, '--requirement', requirements,
  ],
};

const PIP: Omit<Installer, 'command'> = {
  arguments: ({ version, architecture }, directory, requirements) => [
    'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--only-binary', ':all:', '--implementation', 'cp',
    ...pipPlatforms(version, architecture).flatMap(platform => ['--platform', platform]), '--python-version', version,
    '--target', directory, '--requirement', requirements,
  ],
};

/** With the tag manylinux2014 pip accepts older wheels as well, but with a newer tag only wheels of that tag. So all tags are listed. */
function pipPlatforms(version: string, architecture: string): string[] {
  const newest = platformTagOf(version) === 'manylinux_2_28' ? 28 : 17;
  const tags = Array.from({ length: newest - 16 }, (_, index) => `manylinux_2_${newest - index}`);
  return [...tags, 'manylinux2014'].map(tag => `${tag}_${machineOf(architecture)}`);
}

function machineOf(architecture: string): string {
  return architecture === 'arm64' ? 'aarch64' : 'x86_64';
}

function findInstaller(): Installer | undefined {
  if (run(['uv'], ['--version']).status === 0) return UV;
  const command = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3']].find(candidate => run(candidate, ['--version']).status === 0);
  return command && { ...PIP, command };
}

function run(command: string[], args: string[], cwd?: string): { status: number | null; stdout: string; output: string } {
  const [program, ...first] = command;
  const done = spawnSync(program, [...first, ...args], { cwd, env: process.env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status: done.status, stdout: done.stdout ?? '', output: done.error ? done.error.message : done.stderr.trim() };
}

function describeFailure(constructPath: string, target: PythonTarget, command: string, output: string): string {
  // The first pattern matches messages of uv, the second those of pip.
  const [, name] = /(?:Because|and) (?:only )?([\w.[\]<>=!~-]+) ?(?:has|is available with) no (?:usable )?wheels/.exec(output)
    ?? /No matching distribution found for ([^\s(]+)/.exec(output)
    ?? [];
  if (!name) return `${constructPath}: cannot install the app's dependencies with ${command}:\n${output}`;
  return `${constructPath}: ${name} has no wheel for Python ${target.version} on Lambda (${platformTagOf(target.version)}, ${target.architecture}); `
    + 'use a version that has one, use another runtime or architecture, build the wheel yourself and name its file in requirements.txt, '
    + `or bundle the app yourself and use AppSource.prebuilt:\n${output}`;
}

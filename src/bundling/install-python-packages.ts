import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';
import { PythonDependencies } from './python-dependencies';

/** The machine that packages are installed for. */
export interface PythonTarget {
  /** As in `3.13`. */
  readonly version: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
}

/** Where the list of packages lies while it is needed. */
export const REQUIREMENTS = '.wrapped-web-app-requirements.txt';

/** What `pip` and `uv` leave behind that no app imports, and that differs from one run or machine to the next. */
const LEFTOVERS = /^(?:INSTALLER|direct_url\.json|uv_cache\.json|uv_build\.json|REQUESTED)$/;

/**
 * Installs an app's dependencies for Lambda with uv or else pip, whichever the machine has.
 *
 * @returns false when it has neither
 */
export function installPythonPackages(constructPath: string, dependencies: PythonDependencies, target: PythonTarget, directory: string): boolean {
  const installer = findInstaller();
  if (!installer) return false;
  const requirements = writeRequirements(constructPath, dependencies, directory);
  const install = installer.arguments(target, directory, requirements);
  const done = run(installer.command, install, dependencies.directory);
  rmSync(path.join(directory, REQUIREMENTS), { force: true });
  if (done.status !== 0) throw new Error(describeFailure(constructPath, target, `${installer.command.join(' ')} ${install.join(' ')}`, done.output));
  prune(directory);
  checkMachine(constructPath, directory, target.architecture);
  return true;
}

/** Lambda's Python 3.10 and 3.11 run on Amazon Linux 2 with glibc 2.26; 3.12 and later on Amazon Linux 2023 with 2.34. */
export function platformTagOf(version: string): 'manylinux2014' | 'manylinux_2_28' {
  return Number(version.split('.')[1]) < 12 ? 'manylinux2014' : 'manylinux_2_28';
}

/** The requirements as a file: that of the project, or what its lock file says. */
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

/** pip knows what manylinux2014 includes, but takes a newer tag for itself alone. */
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
  // The first is what uv says, the second what pip says.
  const [, name] = /(?:Because|and) (?:only )?([\w.[\]<>=!~-]+) ?(?:has|is available with) no (?:usable )?wheels/.exec(output)
    ?? /No matching distribution found for ([^\s(]+)/.exec(output)
    ?? [];
  if (!name) return `${constructPath}: cannot install the app's dependencies with ${command}:\n${output}`;
  return `${constructPath}: ${name} has no wheel for Python ${target.version} on Lambda (${platformTagOf(target.version)}, ${target.architecture}); `
    + 'take a version that has one or another runtime or architecture, build the wheel yourself and name its file in requirements.txt, '
    + `or bundle elsewhere with AppSource.prebuilt:\n${output}`;
}

/** Commands of packages and traces of the installation: none is of use on Lambda, and some differ for the same input. */
function prune(directory: string): void {
  for (const name of ['bin', '.lock']) rmSync(path.join(directory, name), { recursive: true, force: true });
  for (const file of filesIn(directory)) {
    const { base, dir } = path.parse(file);
    const inInfo = dir.endsWith('.dist-info') && LEFTOVERS.test(base);
    if (base === '__pycache__' || inInfo) rmSync(path.join(directory, file), { recursive: true, force: true });
  }
  keepRecords(directory);
}

/**
 * Each package's list of its files and their hashes, without those that were pruned: commands begin with the path of the machine's Python.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
function keepRecords(directory: string): void {
  const files = new Set(filesIn(directory).map(file => file.split(path.sep).join('/')));
  for (const record of [...files].filter(file => file.endsWith('.dist-info/RECORD')).map(file => path.join(directory, file))) {
    const lines = readFileSync(record, 'utf8').split(/\r?\n/).filter(line => files.has(nameInRecord(line)));
    writeFileSync(record, lines.sort().map(line => `${line}\n`).join(''));
  }
}

/** Names with commas stand in quotes. */
function nameInRecord(line: string): string {
  const [, quoted] = /^"((?:[^"]|"")*)"/.exec(line) ?? [];
  return quoted?.replace(/""/g, '"') ?? line.split(',')[0];
}

/** https://en.wikipedia.org/wiki/Executable_and_Linkable_Format#ISA */
const OTHER_SYSTEMS = /^(?:cffaedfe|cefaedfe|cafebabe|4d5a)/; // macOS, macOS, macOS, Windows
const ELF_MACHINES: { [machine: number]: string } = { 0x3e: 'x86_64', 0xb7: 'arm64' };

/** A library for another machine is an ImportError on Lambda; here it can be named. */
export function checkMachine(constructPath: string, directory: string, architecture: string): void {
  for (const file of filesIn(directory).filter(name => /\.so(?:\.[\d.]+)?$|\.dylib$|\.pyd$/.test(name))) {
    const machine = machineOfLibrary(path.join(directory, file));
    if (machine !== undefined && machine !== architecture) {
      throw new Error(`${constructPath}: ${file} is compiled for ${machine}, but the function runs on Linux on ${architecture}; `
        + 'leave it out with exclude, or set architecture to the one that it is for');
    }
  }
}


/** Undefined for what only has the name of a library, such as a folder or a linker script. */
function machineOfLibrary(file: string): string | undefined {
  if (!statSync(file).isFile()) return undefined;
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, header, 0, header.length, 0);
  closeSync(descriptor);
  if (OTHER_SYSTEMS.test(header.toString('hex'))) return 'another operating system';
  if (header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return ELF_MACHINES[header.readUInt16LE(18)] ?? 'another machine';
}

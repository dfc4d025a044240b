import { readdirSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { buildEnvironment } from './build-environment';
import { findBuiltPackages } from './built-packages';
import { checkMachine } from './check-machine';
import { cleanAfterBuilds } from './clean-after-builds';
import { describeFailure } from './describe-failure';
import { exportLock, InstallableLock } from './export-lock';
import { dropSources, findOwnProject } from './own-project';
import { InstalledPackages, PackagesOf } from './packages-of';
import { checkPathFiles } from './path-files';
import { preferWheels } from './prefer-wheels';
import { prunePackages } from './prune-packages';
import { PythonDependencies } from './python-dependencies';
import { fullVersionOf, machineOf, platformTagOf, PythonTarget, targetArguments } from './python-target';
import { refuseCompiled } from './refuse-compiled';
import { exists, Finished, run } from './run-command';
import { withScratchFolder } from '../scratch-folder';

/**
 * Installs the dependencies of an app for Lambda, with uv, or with pip if the machine has no uv.
 *
 * @returns undefined if the machine has neither
 */
export function installPythonPackages(app: PackagesOf, directory: string): InstalledPackages | undefined {
  return withScratchFolder(scratch => exists(['uv']) ? installWithUv(app, directory, scratch) : installWithPip(app, directory, scratch));
}

/** The answers of this process, so that the second app does not ask again. */
const installers = new Map<string, string | undefined>();

/** The installer of this machine and its version; undefined if it has neither uv nor pip. */
export function describeInstaller(version: string): string | undefined {
  const key = `${version} ${process.env.PATH}`;
  if (!installers.has(key)) {
    const command = exists(['uv']) ? ['uv'] : findPip(version)?.command;
    installers.set(key, command && run(command, ['--version']).stdout.trim());
  }
  return installers.get(key);
}

function installWithUv(app: PackagesOf, directory: string, scratch: string): InstalledPackages {
  const { constructPath, dependencies, target } = app;
  const env = buildEnvironment(scratch);
  const version = fullVersionOf(target.version);
  const argumentsFor = (what: string[]) => [
    'pip', 'install', '--quiet', '--no-progress', '--link-mode', 'copy', ...targetArguments({ ...target, version }), '--target', directory, ...what,
  ];
  const clean = cleanAfterBuilds([app.project, ...dependencies?.directory ? [dependencies.directory] : []]);
  if (dependencies) {
    const lock = exportLock(constructPath, dependencies, scratch);
    let args: string[] = [];
    const attempt = (options: string[]) => {
      for (const name of readdirSync(directory)) rmSync(path.join(directory, name), { recursive: true, force: true });
      args = argumentsFor([...lock.options, ...lock.uvOptions, ...options, ...lock.files.flatMap(file => ['--requirements', file])]);
      return run(['uv'], args, { cwd: dependencies.directory, env });
    };
    const done = dependencies.onlyWheels ? attempt(wheelsOnly(lock)) : preferWheels(attempt, wheelsOnly(lock), directory);
    finish(app, `uv ${args.join(' ')}`, done);
  }
  const own = findOwnProject(app, directory);
  const ofOwn = own === undefined ? undefined : run(['uv'], argumentsFor(['--no-deps', '--no-config', own]), { env });
  // The app may read the metadata of other packages only, and its own project need not be one that can be built.
  const metadataMissing = ofOwn === undefined || ofOwn.status === 0 ? undefined : `uv build --wheel ${own} fails:\n${ofOwn.output}`;
  const built = findBuiltPackages(directory);
  clean(built.flatMap(({ directory: folder }) => folder ?? []));
  refuseCompiled(app, built);
  checkPathFiles(constructPath, directory);
  dropSources(app, built, directory);
  prunePackages(directory);
  checkMachine(constructPath, directory, target.architecture);
  return { built: built.filter(({ directory: folder }) => folder === undefined).map(({ requirement }) => requirement), metadataMissing };
}

function installWithPip(app: PackagesOf, directory: string, scratch: string): InstalledPackages | undefined {
  const { constructPath, dependencies, target } = app;
  const pip = findPip(target.version);
  if (pip === undefined) return undefined;
  const metadataMissing = findOwnProject(app, directory) === undefined ? undefined : 'only uv can build it; install uv';
  if (dependencies === undefined) return { built: [], metadataMissing };
  const lock = lockForPip(constructPath, dependencies, scratch);
  const args = [
    'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--only-binary', ':all:', '--implementation', 'cp',
    ...pipPlatforms(target).flatMap(platform => ['--platform', platform]), '--python-version', fullVersionOf(target.version),
    '--target', directory, ...lock.options, ...lock.files.flatMap(file => ['--requirement', file]),
  ];
  finish(app, `${pip.command.join(' ')} ${args.join(' ')}`, run(pip.command, args, { cwd: dependencies.directory }));
  checkPathFiles(constructPath, directory);
  prunePackages(directory);
  checkMachine(constructPath, directory, target.architecture);
  return { built: [], metadataMissing, markersOf: pip.version === target.version ? undefined : pip.version };
}

/** Without uv: pip does not read `pylock.toml`, and cannot build for another machine. */
export function lockForPip(constructPath: string, dependencies: PythonDependencies, scratch: string): InstallableLock {
  if (dependencies.kind === 'pylock.toml') {
    throw new Error(`${constructPath}: cannot read ${dependencies.files[0]}: pip does not install from it with all its hashes and indexes; install uv`);
  }
  return exportLock(constructPath, dependencies, scratch);
}

/** With `:all:` uv would not build the folders of the user that `pylock.toml` names, but those of requirements files. */
function wheelsOnly({ files }: InstallableLock): string[] {
  const [pylock] = files.filter(file => file.endsWith('.toml'));
  if (pylock === undefined) return ['--only-binary', ':all:'];
  const blocks = readFileSync(pylock, 'utf8').split(/^\[\[packages\]\]\s*$/m).slice(1).filter(block => !/^(?:directory\s*=|\[packages\.directory\])/m.test(block));
  return blocks.flatMap(block => ['--only-binary', /^name\s*=\s*["']([^"']+)/m.exec(block)![1]]);
}

function finish(
  { constructPath, dependencies, target }: PackagesOf,
  command: string,
  { status, output, compiled }: Finished & { compiled?: ReadonlySet<string> },
): void {
  if (status !== 0) throw new Error(describeFailure(constructPath, dependencies, target, command, output, compiled));
}

/** With the tag manylinux2014 pip accepts older wheels as well, but with a newer tag only wheels of that tag. So all tags are listed. */
function pipPlatforms({ version, architecture }: PythonTarget): string[] {
  const newest = platformTagOf(version) === 'manylinux_2_28' ? 28 : 17;
  const tags = Array.from({ length: newest - 16 }, (_, index) => `manylinux_2_${newest - index}`);
  return [...tags, 'manylinux2014'].map(tag => `${tag}_${machineOf(architecture)}`);
}

/** Prefers the Python of the function: pip decides by the markers of its own Python, such as `; python_version < "3.11"`. */
function findPip(version: string): { command: string[]; version: string } | undefined {
  for (const command of [[`python${version}`, '-m', 'pip'], ['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3']]) {
    const done = run(command, ['--version']);
    const [, found] = /\(python (\d+\.\d+)\)/.exec(done.stdout) ?? [];
    if (done.status === 0) return { command, version: found ?? version };
  }
  return undefined;
}

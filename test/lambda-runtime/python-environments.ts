/**
 * The Pythons of this machine, each with a virtual environment of its own that has what the tests need.
 * Environments lie in `.cache/python/` and are made anew only when `requirements.txt` changes.
 *
 * @slow installs uv and packages from PyPI
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const UV_VERSION = '0.13.9';
const SAM_VERSION = '1.170.0';
const CACHE = resolve(__dirname, '../../.cache/python');
const REQUIREMENTS = join(__dirname, 'python/requirements.txt');
const SUPPORTED_MINORS = [10, 11, 12, 13, 14];

export interface Interpreter {
  readonly executable: string;
  /** As in `3.13`. */
  readonly version: string;
}

/** One interpreter for each supported version that is on PATH or that pyenv has. */
export function findInterpreters(): Interpreter[] {
  const candidates = ['python3', ...SUPPORTED_MINORS.map((minor) => `python3.${minor}`)];
  const pyenv = spawnSync('pyenv', ['versions', '--bare'], { encoding: 'utf8' });
  for (const version of (pyenv.stdout ?? '').split('\n').filter((line) => /^3\.\d+/.test(line.trim()))) {
    const prefix = spawnSync('pyenv', ['prefix', version.trim()], { encoding: 'utf8' });
    if (prefix.status === 0) candidates.push(join(prefix.stdout.trim(), 'bin/python'));
  }
  const found = new Map<string, Interpreter>();
  for (const candidate of candidates) {
    const asked = spawnSync(candidate, ['-c', 'import sys; print(sys.executable, *sys.version_info[:2])'], { encoding: 'utf8' });
    const [executable, major, minor] = (asked.stdout ?? '').trim().split(' ');
    if (asked.status === 0 && major === '3' && SUPPORTED_MINORS.includes(Number(minor)) && !found.has(`3.${minor}`)) {
      found.set(`3.${minor}`, { executable, version: `3.${minor}` });
    }
  }
  return [...found.values()].sort((one, other) => Number(one.version.slice(2)) - Number(other.version.slice(2)));
}

/** The path of a Python that has everything in `requirements.txt`. */
export function prepareEnvironment(interpreter: Interpreter): string {
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const uv = prepareUv();
  const folder = make(`tests-${interpreter.version}-${hash}`, (target) => {
    execFileSync(uv, ['venv', '--quiet', '--python', interpreter.executable, target]);
    execFileSync(uv, ['pip', 'install', '--quiet', '--python', join(target, 'bin/python'), '-r', REQUIREMENTS]);
  });
  return join(folder, 'bin/python');
}

/** The folder of the commands of a tool from PyPI, e.g. `cfn-lint==1.58.0`, in an environment of its own. */
export function prepareTool(requirement: string): string {
  const uv = prepareUv();
  const { executable } = findInterpreters().at(-1)!;
  const folder = make(requirement.replace('==', '-'), (target) => {
    execFileSync(uv, ['venv', '--quiet', '--relocatable', '--python', executable, target]);
    execFileSync(uv, ['pip', 'install', '--quiet', '--python', join(target, 'bin/python'), requirement]);
  });
  return join(folder, 'bin');
}

/** The path of AWS's Runtime Interface Emulator, which is in the package of the SAM CLI as a program for Linux. */
export function prepareEmulator(): string {
  const program = `samcli/local/rapid/aws-lambda-rie-${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`;
  const folder = make(`aws-sam-cli-${SAM_VERSION}`, (target) => {
    const { executable } = findInterpreters().at(-1)!;
    const options = ['--quiet', '--no-deps', '--python', executable, '--target', target];
    execFileSync(prepareUv(), ['pip', 'install', ...options, `aws-sam-cli==${SAM_VERSION}`]);
    chmodSync(join(target, program), 0o755);
  });
  return join(folder, program);
}

/** The path of a pinned uv, installed with the first Python that can install anything. */
export function prepareUv(): string {
  const folder = make(`uv-${UV_VERSION}`, (target) => {
    const failures = findInterpreters().map(({ executable }) => {
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
      const done = spawnSync(executable, [...pip, '--target', target, `uv==${UV_VERSION}`], { encoding: 'utf8' });
      return done.status === 0 ? undefined : `${executable}: ${done.stderr}`;
    });
    if (failures.every((failure) => failure !== undefined)) {
      throw new Error(`no Python 3.10 or later can install uv with pip; install one that has pip\n${failures.join('\n')}`);
    }
  });
  return join(folder, 'bin/uv');
}

/** Test files run side by side: what is being made is not yet where the others look. */
function make(name: string, fill: (target: string) => void): string {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const target = mkdtempSync(join(CACHE, `${name}-`));
  try {
    fill(target);
    if (!existsSync(folder)) renameSync(target, folder);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  return folder;
}

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('.cache/', import.meta.url));

/** Lambda's current Node runtimes. */
export const NODE_VERSIONS = ['22.23.3', '24.21.0'];

/** The pinned packages of the Python part. */
const PYTHON_PACKAGES = ['apig-wsgi==2.20.0', 'mangum==0.22.0', 'flask==3.1.3', 'django==5.2.19', 'starlette==1.10.0', 'fastapi==0.165.0', 'awslambdaric==4.2.2'];

/**
 * The binary of a version of Node, installed from npm on first use.
 * @param {string} version
 */
export function nodeBinary(version) {
  const directory = `${CACHE}node-${version}`;
  const binary = `${directory}/node_modules/node/bin/node`;
  if (!existsSync(binary)) {
    console.error(`installing node ${version} …`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(`${directory}/package.json`, '{ "private": true }\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--foreground-scripts', `node@${version}`], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return binary;
}

/**
 * A Python virtual environment with the frameworks and adapters.
 * @param {string} [python] the interpreter; by default the newest that Lambda supports, else `python3`
 */
export function pythonBinary(python = newestPython()) {
  const version = execFileSync(python, ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8' }).trim();
  const directory = `${CACHE}python-${version}`;
  const binary = `${directory}/bin/python`;
  const installed = `${directory}/installed.json`;
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== JSON.stringify(PYTHON_PACKAGES)) {
    console.error('installing Python packages …');
    execFileSync(python, ['-m', 'venv', directory], { stdio: 'inherit' });
    execFileSync(binary, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PYTHON_PACKAGES], { stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(installed, JSON.stringify(PYTHON_PACKAGES));
  }
  return binary;
}

function newestPython() {
  for (const name of ['python3.14', 'python3.13', 'python3.12', 'python3']) {
    try {
      execFileSync(name, ['-c', 'import venv, sys'], { stdio: 'ignore' });
      return name;
    } catch {
      // Not installed: try the next one.
    }
  }
  throw new Error('no Python 3 was found; install one, or leave Python out with --only node');
}

/** Whether a process can be bound to one processor. */
export function canPin() {
  return spawnSync('taskset', ['-c', '0', 'true']).status === 0;
}

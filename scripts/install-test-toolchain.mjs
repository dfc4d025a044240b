// Installs what the tests need beside package.json's packages, pinned, into .cache/toolchain: the versions of Node that
// Lambda runs, the lowest version that the package supports, and AWS's own Runtime Interface Client, which is compiled on
// installation.
//
//     node scripts/install-test-toolchain.mjs [node-lowest] [node22] [node24] [lambda-sdk] [runtime-client] [runtime-client-3]
//
// Without names it installs everything. A second run ends immediately, and two runs at the same time wait for each other.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './lock.mjs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const TOOLS = {
  'node-lowest': { spec: `node@${engines.node.replace('>= ', '')}` },
  'node22': { spec: 'node@22.23.3' },
  'node24': { spec: 'node@24.21.0' },
  'lambda-sdk': { spec: '@aws-sdk/client-lambda@3.1164.0' },
  'runtime-client': { spec: 'aws-lambda-ric@4.0.2', needs: ['cmake', 'g++', 'make', 'python3', 'xz'] },
  // Its native part is the same code, whose build needs more tools here.
  'runtime-client-3': { spec: 'aws-lambda-ric@3.3.0', builtBy: 'runtime-client' },
};

/** The Debian packages of the commands above. */
const DEBIAN = { cmake: 'cmake', 'g++': 'g++', make: 'make', python3: 'python3', xz: 'xz-utils' };

const directory = fileURLToPath(new URL('../.cache/toolchain/', import.meta.url));
const lock = join(directory, 'lock');

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TOOLS);
const unknown = names.find((name) => !(name in TOOLS));
if (unknown !== undefined) {
  fail(`unknown tool ${JSON.stringify(unknown)}; choose from ${Object.keys(TOOLS).join(', ')}`);
}
if (names.some((name) => !isInstalled(name))) {
  const release = takeLock(lock);
  try {
    for (const name of names.filter((each) => !isInstalled(each))) {
      install(name);
    }
  } finally {
    release();
  }
}

function isInstalled(name) {
  try {
    return readFileSync(join(directory, name, 'installed'), 'utf8') === TOOLS[name].spec;
  } catch {
    return false;
  }
}

function install(name) {
  const { spec, needs = [], builtBy } = TOOLS[name];
  if (builtBy !== undefined && !isInstalled(builtBy)) {
    install(builtBy);
  }
  installFromDebian(needs.filter((command) => !isOnPath(command)));
  const target = join(directory, name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  // With its own package.json, since npm would otherwise look for one in the parent folders.
  writeFileSync(join(target, 'package.json'), '{ "private": true }\n');
  process.stderr.write(`installing ${spec} for the tests\n`);
  const child = spawnSync('npm', ['install', spec, '--save-exact', '--no-audit', '--no-fund', '--foreground-scripts', `--ignore-scripts=${builtBy !== undefined}`], {
    cwd: target,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    // npm passes its settings to the scripts that it runs; those of `npm test` must not apply here.
    env: Object.fromEntries(Object.entries(process.env).filter(([variable]) => !/^npm_(config_(global|local_prefix|prefix|workspace)|lifecycle|package)/i.test(variable))),
  });
  if (child.status !== 0) {
    fail(`cannot install ${spec}:\n${`${child.stdout ?? ''}${child.stderr ?? child.error?.message}`.slice(-4000)}`);
  }
  if (builtBy !== undefined) {
    copyFileSync(join(directory, builtBy, 'node_modules/aws-lambda-ric/rapid-client.node'), join(target, 'node_modules/aws-lambda-ric/dist/rapid-client.node'));
  }
  writeFileSync(join(target, 'installed'), spec);
}

function installFromDebian(commands) {
  if (commands.length === 0) {
    return;
  }
  const packages = commands.map((command) => DEBIAN[command]);
  if (process.getuid?.() === 0 && isOnPath('apt-get')) {
    process.stderr.write(`installing ${packages.join(' ')} for the tests\n`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const step of [['update', '-qq'], ['install', '-y', '-qq', '--no-install-recommends', ...packages]]) {
      if (spawnSync('apt-get', step, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status !== 0) {
        break;
      }
    }
  }
  const missing = commands.filter((command) => !isOnPath(command));
  if (missing.length > 0) {
    fail(`the tests compile AWS's runtime client and need ${missing.join(', ')}; run: apt-get install ${missing.map((command) => DEBIAN[command]).join(' ')}`);
  }
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, command)));
}

function fail(message) {
  process.stderr.write(`install-test-toolchain: ${message}\n`);
  process.exit(1);
}

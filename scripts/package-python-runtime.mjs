// Builds the Python runtime as the package that PyPI has, with uv:
//
//     node scripts/package-python-runtime.mjs <version> <folder for the wheel and the source distribution>
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../lambda-runtime/python', import.meta.url));
const [version, output] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+/.test(version ?? '') || output === undefined) {
  throw new Error(`expected a version such as 0.1.0 and a folder, got ${JSON.stringify(process.argv.slice(2))}`);
}

const folder = mkdtempSync(join(tmpdir(), 'python-runtime-'));
try {
  // The build writes beside its sources.
  cpSync(SOURCE, folder, { recursive: true, filter: (file) => !/__pycache__|\.egg-info|\.venv|\.mypy_cache/.test(file) });
  cpSync(join(SOURCE, '../../LICENSE'), join(folder, 'LICENSE'));
  const projectFile = join(folder, 'pyproject.toml');
  const text = readFileSync(projectFile, 'utf8');
  const released = text.replace(/^version = "0\.0\.0"$/m, `version = "${version}"`);
  if (released === text && version !== '0.0.0') throw new Error(`${join(SOURCE, 'pyproject.toml')} has no line: version = "0.0.0"`);
  writeFileSync(projectFile, released);
  run(process.env.UV ?? 'uv', 'build', '--quiet', '--out-dir', resolve(output), folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error) throw new Error(`cannot run ${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args[0]} ended with ${status}`);
}

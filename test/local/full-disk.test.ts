import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { removeAssemblies, writeAssembly } from './fixtures/assembly';
import { HANDLER, PROGRAM_DIRECTORY } from './fixtures/serving';
import { fourDoors } from './fixtures/template';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'disk-')));

afterAll(() => {
  removeAssemblies();
  rmSync(directory, { recursive: true, force: true });
});

/** Linux can give a process a disk of its own, if it allows user namespaces. */
const CAN_MOUNT = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', directory]).status === 0;

/** Serves with a small disk for temporary files, and lists what is left on it. */
function serveWithDisk(options: string) {
  const assembly = writeAssembly(fourDoors(), { 'index.js': HANDLER, 'large.txt': 'x'.repeat(300_000) });
  const command = `mount -t tmpfs -o ${options} tmpfs ${directory} && (TMPDIR=${directory} "$@"; echo "exit $?"; ls -A ${directory})`;
  return spawnSync('unshare', ['-rm', 'sh', '-c', command, 'sh', process.execPath, path.join(PROGRAM_DIRECTORY, 'cli.js'), 'serve', assembly, '--port-base', '0'],
    { encoding: 'utf8', timeout: 20_000 });
}

(CAN_MOUNT ? test : test.skip)('fails on a disk without space for a copy of the code, and leaves nothing on it', () => {
  const { stdout, stderr } = serveWithDisk('size=100k');
  expect(stdout).toBe('exit 1\n');
  expect(stderr).toMatch(/^there is no space for a copy of \S+asset\.code: ENOSPC: .*; free some, or set TMPDIR to another folder\n$/);
});

(CAN_MOUNT ? test : test.skip)('fails on a disk without space for a folder', () => {
  const { stdout, stderr } = serveWithDisk('nr_inodes=1');
  expect(stdout).toBe('exit 1\n');
  expect(stderr).toMatch(/^cannot create a temporary folder in \S+: ENOSPC: .*; free some space, or set TMPDIR to another folder\n$/);
});

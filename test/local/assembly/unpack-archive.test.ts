import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { unpackArchive } from '../../../local/assembly/unpack-archive';
import { makeZip, ZippedFile } from '../fixtures/zip-archive';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'archives-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(file: string, content: string | Buffer): string {
  writeFileSync(path.join(directory, file), content);
  return path.join(directory, file);
}

async function unpack(archive: string): Promise<string> {
  const unpacked = `${archive}.unpacked`;
  mkdirSync(unpacked);
  await unpackArchive(archive, unpacked);
  return unpacked;
}

const FILES: ZippedFile[] = [
  { name: 'src/', content: '' },
  { name: 'src/index.js', content: 'λ'.repeat(100_000), deflated: true },
  { name: 'bin/run.sh', content: '#!/bin/sh', mode: 0o755 },
  { name: 'plain.txt', content: 'stored' },
];

test.each([['an archive', {}], ['a ZIP64 archive', { zip64: true }]])('%s is unpacked, with the executable bits of its files', async (name, options) => {
  const unpacked = await unpack(write(`${name}.zip`, makeZip(FILES, options)));
  expect(readFileSync(path.join(unpacked, 'src/index.js'), 'utf8')).toBe('λ'.repeat(100_000));
  expect(readFileSync(path.join(unpacked, 'plain.txt'), 'utf8')).toBe('stored');
  expect(statSync(path.join(unpacked, 'bin/run.sh')).mode % 0o1000).toBe(0o755);
  expect(() => accessSync(path.join(unpacked, 'plain.txt'), constants.X_OK)).toThrow('EACCES');
});

test('an archive made by Python is unpacked', async () => {
  const archive = path.join(directory, 'python.zip');
  mkdirSync(path.join(directory, 'in'));
  write('in/index.js', 'content '.repeat(500));
  const made = spawnSync('python3', ['-m', 'zipfile', '-c', archive, path.join(directory, 'in/index.js')]);
  expect(made.status).toBe(0);
  expect(readFileSync(path.join(await unpack(archive), 'index.js'), 'utf8')).toBe('content '.repeat(500));
});

test.each<[string, Buffer | string, RegExp]>([
  ['is no archive', 'no archive at all, but long enough', /^cannot unpack .*\.zip: .*end of central directory/i],
  ['is cut off', makeZip(FILES).subarray(0, 200), /^cannot unpack/],
  ['has a file whose CRC is wrong', makeZip([{ name: 'a.js', content: 'x', crc: 1 }]), /a\.js is damaged: its CRC-32 is 2363233923, and the archive says 1$/],
  ['has a damaged deflated file', makeZip([{ name: 'a.js', content: 'x'.repeat(99), deflated: true, crc: 1 }]), /a\.js is damaged/],
  ['has a name that leads out of the folder', makeZip([{ name: '../evil.js', content: '' }]), /invalid relative path: \.\.\/evil\.js/],
  ['has a name that leads out of the folder later', makeZip([{ name: 'a/../../evil.js', content: '' }]), /invalid relative path/],
  ['has a name with backslashes that leads out of the folder', makeZip([{ name: '..\\evil.js', content: '' }]), /invalid relative path/],
  ['has an absolute name', makeZip([{ name: '/evil.js', content: '' }]), /absolute path: \/evil\.js/],
  ['is compressed in another way', makeZip([{ name: 'a', content: 'x', method: 93 }]), /unsupported compression method: 93/],
])('fails on an archive that %s', async (name, bytes, message) => {
  const archive = write(`${name}.zip`, bytes);
  await expect(unpack(archive)).rejects.toThrow(message);
  expect(existsSync(path.join(directory, 'evil.js'))).toBe(false);
});

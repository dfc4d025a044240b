import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { placeCode } from '../../../local/assembly/place-code';
import { makeZip } from '../fixtures/zip-archive';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'place-')));
let copies = 0;

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function nextCopy(): string {
  copies += 1;
  return path.join(directory, `copy-${copies}`);
}

function modeOf(file: string): string {
  return (statSync(file).mode % 0o1000).toString(8);
}

test('a folder is copied with its files, links followed, and nobody may write to the copy', async () => {
  const asset = path.join(directory, 'asset');
  mkdirSync(path.join(asset, 'src'), { recursive: true });
  writeFileSync(path.join(asset, 'src/index.js'), 'the code');
  writeFileSync(path.join(asset, 'run.sh'), '#!/bin/sh', { mode: 0o755 });
  mkdirSync(path.join(directory, 'elsewhere'));
  writeFileSync(path.join(directory, 'elsewhere/linked.js'), 'linked');
  symlinkSync(path.join(directory, 'elsewhere'), path.join(asset, 'link'));
  const copy = nextCopy();
  await placeCode({ kind: 'folder', path: asset }, copy);
  expect([readFileSync(path.join(copy, 'src/index.js'), 'utf8'), readFileSync(path.join(copy, 'link/linked.js'), 'utf8')]).toEqual(['the code', 'linked']);
  expect(['', 'src', 'src/index.js', 'run.sh', 'link'].map((file) => modeOf(path.join(copy, file)))).toEqual(['555', '555', '444', '555', '555']);
  writeFileSync(path.join(asset, 'src/index.js'), 'changed');
  expect(readFileSync(path.join(copy, 'src/index.js'), 'utf8')).toBe('the code');
});

test('the files of a folder have the time that they have on Lambda, and those of the asset keep theirs', async () => {
  const asset = path.join(directory, 'timed');
  mkdirSync(path.join(asset, 'css'), { recursive: true });
  writeFileSync(path.join(asset, 'css/site.css'), '');
  const copy = nextCopy();
  await placeCode({ kind: 'folder', path: asset }, copy);
  expect(statSync(path.join(copy, 'css/site.css')).mtime.toISOString()).toBe('1980-01-01T00:00:00.000Z');
  expect(statSync(path.join(asset, 'css/site.css')).mtime.getFullYear()).toBeGreaterThan(2000);
});

test('an archive is unpacked, and nothing is written beside it', async () => {
  const archive = path.join(directory, 'only/app.zip');
  mkdirSync(path.dirname(archive));
  writeFileSync(archive, makeZip([{ name: 'index.js', content: 'the code' }]));
  const copy = nextCopy();
  await placeCode({ kind: 'archive', path: archive }, copy);
  expect([readFileSync(path.join(copy, 'index.js'), 'utf8'), modeOf(path.join(copy, 'index.js'))]).toEqual(['the code', '444']);
  expect(existsSync(`${archive}.unpacked`)).toBe(false);
});

test('inline code becomes a file', async () => {
  const copy = nextCopy();
  await placeCode({ kind: 'inline', fileName: 'index.py', text: 'the code' }, copy);
  expect(readFileSync(path.join(copy, 'index.py'), 'utf8')).toBe('the code');
});

test('a copy that is removed before it is whole, because the process ends, stays removed', async () => {
  const asset = path.join(directory, 'removed');
  mkdirSync(path.join(asset, 'src/deep'), { recursive: true });
  writeFileSync(path.join(asset, 'src/deep/index.js'), 'the code');
  const workspace = nextCopy();
  const placed = placeCode({ kind: 'folder', path: asset }, path.join(workspace, '1/home/shop'));
  rmSync(workspace, { recursive: true, force: true });
  await expect(placed).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(workspace)).toBe(false);
});

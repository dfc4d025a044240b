import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { findFunctionCode } from '../../../local/assembly/function-code';
import { TemplateResource } from '../../../local/assembly/stack-template';
import { unpackArchive } from '../../../local/assembly/unpack-archive';
import { stackTemplate } from '../fixtures/template';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'code-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function stackWith(assets: Record<string, string>): SynthesizedStack {
  return { path: 'Stack', template: stackTemplate(), assets: new Map(Object.entries(assets)), constructPath: () => 'Stack/Web/Handler' };
}

function handler(properties: object): TemplateResource {
  return new TemplateResource('Handler', [], 'Stack/Web/Handler', properties);
}

interface File {
  readonly name: string;
  readonly content: string;
  readonly deflated?: boolean;
  readonly mode?: number;
  readonly method?: number;
}

/** A ZIP archive, by the book. */
function zip(file: string, files: File[]): string {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, deflated, mode = 0, method = deflated ? 8 : 0 } of files) {
    const data = deflated ? deflateRawSync(content) : Buffer.from(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    // The local header may have an extra field that the directory has not.
    header.writeUInt16LE(4, 28);
    local.push(header, Buffer.from(name), Buffer.alloc(4), data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE((0o100000 + mode) * 0x10000, 38);
    entry.writeUInt32LE(offset, 42);
    central.push(entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + 4 + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(offset, 16);
  writeFileSync(path.join(directory, file), Buffer.concat([...local, ...central, end]));
  return path.join(directory, file);
}

test('an asset that is a folder is used as it is', () => {
  expect(findFunctionCode(stackWith({ 'a.zip': directory }), handler({ Code: { S3Key: 'a.zip' } }))).toBe(directory);
});

test('an asset that is an archive is unpacked once', () => {
  const archive = zip('app.zip', [
    { name: 'src/', content: '' },
    { name: 'src/index.js', content: 'λ'.repeat(1000), deflated: true },
    { name: 'bin/run.sh', content: '#!/bin/sh', mode: 0o755 },
    { name: 'plain.txt', content: 'stored' },
  ]);
  const unpacked = findFunctionCode(stackWith({ 'a.zip': archive }), handler({ Code: { S3Key: 'a.zip' } }));
  expect(readFileSync(path.join(unpacked, 'src/index.js'), 'utf8')).toBe('λ'.repeat(1000));
  expect(readFileSync(path.join(unpacked, 'plain.txt'), 'utf8')).toBe('stored');
  expect(statSync(path.join(unpacked, 'bin/run.sh')).mode % 0o1000).toBe(0o755);
  rmSync(archive);
  expect(unpackArchive(archive)).toBe(unpacked);
});

test('an archive of another program is unpacked', () => {
  const archive = path.join(directory, 'python.zip');
  mkdirSync(path.join(directory, 'in'));
  writeFileSync(path.join(directory, 'in/index.js'), 'content '.repeat(500));
  const made = spawnSync('python3', ['-m', 'zipfile', '-c', archive, path.join(directory, 'in/index.js')]);
  expect(made.status).toBe(0);
  expect(readFileSync(path.join(unpackArchive(archive), 'index.js'), 'utf8')).toBe('content '.repeat(500));
});

test.each([
  ['is no archive', () => {
    writeFileSync(path.join(directory, 'none.zip'), 'no archive at all, but long enough');
    return path.join(directory, 'none.zip');
  }, /none\.zip is no ZIP archive/],
  ['holds a file outside of itself', () => zip('evil.zip', [{ name: '../evil.js', content: '' }]), /holds a file outside of itself: \.\.\/evil\.js/],
  ['is compressed in another way', () => zip('other.zip', [{ name: 'a', content: 'x', method: 93 }]), /a is compressed by method 93/],
])('fails on an archive that %s', (_, make, message) => {
  const archive = make();
  expect(() => unpackArchive(archive)).toThrow(message);
  // Nothing is left that would be taken for the unpacked archive.
  expect(() => unpackArchive(archive)).toThrow(message);
});

test.each([['nodejs24.x', 'index.js'], ['python3.13', 'index.py']])('code in the template is written into the file that CloudFormation makes of it (%s)', (Runtime, file) => {
  const written = findFunctionCode(stackWith({}), handler({ Runtime, Code: { ZipFile: 'the code' } }));
  expect(readFileSync(path.join(written, file), 'utf8')).toBe('the code');
});

test('fails on code that lies somewhere else, and on an asset that is gone', () => {
  expect(() => findFunctionCode(stackWith({}), handler({ Code: { S3Key: 'elsewhere.zip' } }))).toThrow(
    'Stack/Web/Handler: its code is no asset of this cdk.out (S3Key "elsewhere.zip")');
  expect(() => findFunctionCode(stackWith({ 'a.zip': '/nowhere/asset' }), handler({ Code: { S3Key: 'a.zip' } }))).toThrow(
    "Stack/Web/Handler: its asset /nowhere/asset does not exist; run 'cdk synth' again");
});

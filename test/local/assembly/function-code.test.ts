import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { findFunctionCode } from '../../../local/assembly/function-code';
import { TemplateResource } from '../../../local/assembly/template-resource';
import { stackTemplate } from '../fixtures/template';
import { makeZip } from '../fixtures/zip-archive';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'code-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function stackWith(assets: Record<string, string>): SynthesizedStack {
  return { path: 'Stack', template: stackTemplate(), assets: new Map(Object.entries(assets)), constructPath: () => 'Stack/Web/Handler' };
}

function handler(properties: object): TemplateResource {
  return new TemplateResource('Handler', [], 'Stack/Web/Handler', properties);
}

test('an asset that is a folder is used as it is', async () => {
  expect(await findFunctionCode(stackWith({ 'a.zip': directory }), handler({ Code: { S3Key: 'a.zip' } }))).toBe(directory);
});

test('the files of a folder that the CDK staged have the time that they have on Lambda, and those of the user keep theirs', async () => {
  const [staged, own] = [`asset.${'0a'.repeat(32)}`, 'public'].map((name) => path.join(directory, name));
  for (const folder of [staged, own]) {
    mkdirSync(path.join(folder, 'css'), { recursive: true });
    writeFileSync(path.join(folder, 'css/site.css'), '');
    await findFunctionCode(stackWith({ 'a.zip': folder }), handler({ Code: { S3Key: 'a.zip' } }));
  }
  expect(statSync(path.join(staged, 'css/site.css')).mtime.toISOString()).toBe('1980-01-01T00:00:00.000Z');
  expect(statSync(path.join(own, 'css/site.css')).mtime.getFullYear()).toBeGreaterThan(2000);
});

test('an asset that is an archive is unpacked', async () => {
  const archive = path.join(directory, 'app.zip');
  writeFileSync(archive, makeZip([{ name: 'index.js', content: 'the code' }]));
  const unpacked = await findFunctionCode(stackWith({ 'a.zip': archive }), handler({ Code: { S3Key: 'a.zip' } }));
  expect(readFileSync(path.join(unpacked, 'index.js'), 'utf8')).toBe('the code');
});

test.each([['nodejs24.x', 'index.js'], ['python3.13', 'index.py']])('inline code is written to a file named as CloudFormation names it (%s)', async (Runtime, file) => {
  const written = await findFunctionCode(stackWith({}), handler({ Runtime, Code: { ZipFile: 'the code' } }));
  expect(readFileSync(path.join(written, file), 'utf8')).toBe('the code');
});

test('fails on code that is not in the cloud assembly', async () => {
  await expect(findFunctionCode(stackWith({}), handler({ Code: { S3Key: 'elsewhere.zip' } }))).rejects.toThrow(
    'Stack/Web/Handler: its code is not an asset of this cdk.out, got S3Key "elsewhere.zip"');
});

test('fails on an asset that no longer exists', async () => {
  await expect(findFunctionCode(stackWith({ 'a.zip': '/nowhere/asset' }), handler({ Code: { S3Key: 'a.zip' } }))).rejects.toThrow(
    "Stack/Web/Handler: its asset /nowhere/asset does not exist; run 'cdk synth' again");
});

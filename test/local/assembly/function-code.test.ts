import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { findFunctionCode } from '../../../local/assembly/function-code';
import { TemplateResource } from '../../../local/assembly/template-resource';
import { stackTemplate } from '../fixtures/template';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'code-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function stackWith(assets: Record<string, string>): SynthesizedStack {
  return { path: 'Stack', template: stackTemplate(), assets: new Map(Object.entries(assets)), constructPath: () => 'Stack/Web/Handler' };
}

function handler(properties: object): TemplateResource {
  return new TemplateResource('Handler', [], 'Stack/Web/Handler', properties);
}

test('the code is an asset that is a folder', () => {
  expect(findFunctionCode(stackWith({ 'a.zip': directory }), handler({ Code: { S3Key: 'a.zip' } }))).toEqual({ kind: 'folder', path: directory });
});

test('the code is an asset that is an archive', () => {
  const archive = path.join(directory, 'app.zip');
  writeFileSync(archive, '');
  expect(findFunctionCode(stackWith({ 'a.zip': archive }), handler({ Code: { S3Key: 'a.zip' } }))).toEqual({ kind: 'archive', path: archive });
});

test.each([['nodejs24.x', 'index.js'], ['python3.13', 'index.py']])('inline code has the file name that CloudFormation gives it (%s)', (Runtime, fileName) => {
  expect(findFunctionCode(stackWith({}), handler({ Runtime, Code: { ZipFile: 'the code' } }))).toEqual({ kind: 'inline', fileName, text: 'the code' });
});

test('fails on code that is not in the cloud assembly', () => {
  expect(() => findFunctionCode(stackWith({}), handler({ Code: { S3Key: 'elsewhere.zip' } }))).toThrow(
    'Stack/Web/Handler: its code is not an asset of this cdk.out, got S3Key "elsewhere.zip"');
});

test('fails on an asset that no longer exists', () => {
  expect(() => findFunctionCode(stackWith({ 'a.zip': '/nowhere/asset' }), handler({ Code: { S3Key: 'a.zip' } }))).toThrow(
    "Stack/Web/Handler: its asset /nowhere/asset does not exist; run 'cdk synth' again");
});

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { readEnvironmentFile } from '../../../local/assembly/environment-file';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'env-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(text: string): string {
  const file = path.join(directory, 'values.env');
  writeFileSync(file, text);
  return file;
}

test('reads names and values, and ignores comments and empty lines', () => {
  expect([...readEnvironmentFile(write('# comment\n\nTABLE=table-1\r\nexport QUEUE="arn:of:all"\nHandler.QUEUE = \'a b\'\nEMPTY=\nURL=https://x/?a=b#c\n'))]).toEqual([
    ['TABLE', 'table-1'], ['QUEUE', 'arn:of:all'], ['Handler.QUEUE', 'a b'], ['EMPTY', ''], ['URL', 'https://x/?a=b#c'],
  ]);
});

test('fails on a file that cannot be read', () => {
  expect(() => readEnvironmentFile('/nowhere.env')).toThrow('cannot read the environment file /nowhere.env: ENOENT');
});

test('fails on a line that is not NAME=value, with its number', () => {
  const file = write('A=1\nTABLE\n');
  expect(() => readEnvironmentFile(file)).toThrow(`${file}:2: expected NAME=value, got 'TABLE'`);
});

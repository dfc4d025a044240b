import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { removeAbandoned } from '../../../src/bundling/remove-abandoned';
import { withScratchFolder } from '../../../src/bundling/scratch-folder';
import { scratchFolder } from '../synthesis';

test('a folder for the work of a synthesis is removed at its end, also after an error', () => {
  const used: string[] = [];
  const use = (directory: string) => {
    writeFileSync(path.join(directory, 'file'), '');
    used.push(directory);
    if (used.length === 2) throw new Error('no network');
  };
  withScratchFolder(use);
  expect(() => withScratchFolder(use)).toThrow('no network');
  expect(used.map(directory => [path.dirname(directory), existsSync(directory)])).toEqual([[tmpdir(), false], [tmpdir(), false]]);
});

test('folders of syntheses that were killed are removed a day later, and younger or other ones stay', () => {
  const folder = scratchFolder();
  const make = (name: string, time: number) => {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'half.py'), '');
    utimesSync(path.join(folder, name), time, time);
    return path.join(folder, name);
  };
  const made = [make('wrapped-web-app-scratch-abcdef', 0), make('wrapped-web-app-scratch-ghijkl', Date.now() / 1000), make('wrapped-web-app-scratch-of-mine', 0)];
  removeAbandoned(folder, 'wrapped-web-app-scratch-');
  expect(made.map(directory => existsSync(directory))).toEqual([false, true, true]);
});

import { utimesSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { WrittenFiles } from '../../../local/lambda/written-files';
import { scratchFolder } from '../../src/synthesis';

test('files that were written are told once, and files with a time in the future are not', async () => {
  const directory = scratchFolder();
  const [app, data] = ['app.js', 'data.db'].map((name) => path.join(directory, name));
  writeFileSync(app, '');
  writeFileSync(data, '');
  const tomorrow = Date.now() / 1000 + 86_400;
  utimesSync(app, tomorrow, tomorrow);
  await pause(20);
  const told: string[] = [];
  const written = new WrittenFiles(directory, (file) => told.push(file));
  await pause(20);
  written.lookSoon();
  await pause(600);
  expect(told).toEqual([]);
  writeFileSync(data, 'written');
  for (let look = 0; look < 2; look++) {
    written.lookSoon();
    await pause(600);
  }
  expect(told).toEqual(['data.db']);
});

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

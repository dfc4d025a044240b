import { readFileSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/tracing-and-logs.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^<!-- (\S+) -->\n```\w+\n([^]*?)^```$/gm)].map(([, file, code]) => [file, code]);

test.each(BLOCKS)('the page shows %s, which npm run test:tracing runs', (file, code) => {
  expect(code).toBe(readFileSync(path.join(ROOT, file), 'utf8'));
});

test('all code of apps on the page is run', () => {
  expect(BLOCKS.length).toBeGreaterThan(8);
  expect(BLOCKS).toHaveLength([...PAGE.matchAll(/^```(js|python)$/gm)].length);
});

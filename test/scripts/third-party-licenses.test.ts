import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'licenses-')));
const SCRIPT = path.join(__dirname, '../../scripts/third-party-licenses.mjs');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function writePackage(name: string, files: Record<string, string>): string {
  const folder = path.join(directory, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license: 'MIT' }));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return `node_modules/${name}/index.js`;
}

function render(...inputs: string[]) {
  const metafile = { outputs: { 'out.js': { inputs: Object.fromEntries(inputs.map((input) => [input, {}])) } } };
  const program = `import { renderLicenses } from ${JSON.stringify(SCRIPT)}; console.log(renderLicenses(${JSON.stringify(metafile)}, ${JSON.stringify(directory)}));`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

test('each inlined package is listed once, with its version and its license text', () => {
  const plain = writePackage('plain', { LICENSE: 'text of plain' });
  const scoped = writePackage('@scope/name', { 'licence.md': 'text of scoped' });
  writePackage('not-inlined', {});
  const { stdout, status } = render('local/cli.ts', plain, plain.replace('index', 'other'), scoped);
  expect(status).toBe(0);
  expect(stdout.split(/\n+-+\n+/).slice(1).map((text) => text.trim())).toEqual(['@scope/name 1.2.3 (MIT)\n\ntext of scoped', 'plain 1.2.3 (MIT)\n\ntext of plain']);
});

test('fails on a package without a license file', () => {
  const { status, stderr } = render(writePackage('unlicensed', { 'README.md': '' }));
  expect([status, stderr]).toEqual([1, expect.stringContaining('unlicensed@1.2.3: the package has no license file, and so it cannot be inlined; got README.md, package.json')]);
});

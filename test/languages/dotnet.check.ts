/** Generates the package for .NET, and compiles it where there is a `dotnet`: GitHub's workflow has one. Not part of `npm test`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { generatePackage, programOf } from './polyglot-project';

let folder: string;
beforeAll(() => {
  folder = path.join(generatePackage('dotnet'), 'CdkWrappedWebApp');
}, 600_000);

test('the package has what docs/languages/dotnet.md uses', () => {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith('.cs'));
  const source = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
  const page = programOf('dotnet.md', 'csharp');
  expect(source).toContain('namespace CdkWrappedWebApp');
  const classes = [...page.matchAll(/\b(WrappedWebApp\w*|AppSource|PythonAppOptions)\b/g)].map(([name]) => name);
  for (const name of new Set(classes)) expect(source).toMatch(new RegExp(`class ${name}\\b`));
  for (const [, property] of page.matchAll(/^ {4}(\w+) = /gm)) expect(source).toMatch(new RegExp(`\\b${property}\\b`));
});

const hasDotnet = spawnSync('dotnet', ['--version']).status === 0;
(hasDotnet ? test : test.skip)('the package compiles (needs dotnet)', () => {
  execFileSync('dotnet', ['build', '--configuration', 'Release'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}, 1_200_000);

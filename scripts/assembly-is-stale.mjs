// Ends with 0 where the package must be compiled: it never was, or a source is newer than what was compiled.
// A program of ours, since the shell in which projen evaluates conditions knows little of `test`.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const sources = ['README.md', ...readdirSync('src', { recursive: true }).map((name) => `src/${name}`)];
const compiled = ['.jsii', 'lib/index.js'];
const isStale = compiled.some((file) => !existsSync(file))
  || sources.some((file) => statSync(file).mtimeMs > statSync('.jsii').mtimeMs);

process.exitCode = isStale ? 0 : 1;

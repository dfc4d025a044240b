// Exits with 0 if the package must be compiled: it never was, or a source is newer than the output.
// This is a script because the shell in which projen evaluates conditions supports little of `test`.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const sources = ['README.md', ...readdirSync('src', { recursive: true }).map((name) => `src/${name}`)];
const compiled = ['.jsii', 'lib/index.js'];
const isStale = compiled.some((file) => !existsSync(file))
  || sources.some((file) => statSync(file).mtimeMs > statSync('.jsii').mtimeMs);

process.exitCode = isStale ? 0 : 1;

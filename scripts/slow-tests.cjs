const { existsSync, readFileSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

/**
 * Whether a test is slow: its file, or a file that it imports, says so in its first comment, with `@slow` and the reason, for
 * example what is downloaded.
 */
exports.isSlow = function isSlow(file, seen = new Set()) {
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const [firstComment] = /^\s*\/\*\*[^]*?\*\//.exec(text) ?? [''];
  return /@slow\s+\w/.test(firstComment) || importsOf(file, text).some((imported) => !seen.has(imported) && isSlow(imported, seen));
};

/** The TypeScript files that this one imports by a relative path. */
function importsOf(file, text) {
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'(\.{1,2}\/[^']+)'/g)]
    .map(([, specifier]) => resolve(dirname(file), specifier))
    .flatMap((path) => [`${path}.ts`, `${path}/index.ts`].filter(existsSync));
}

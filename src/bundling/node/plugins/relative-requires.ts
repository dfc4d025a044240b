import { createRequire } from 'node:module';
import * as path from 'node:path';

/** `require(__dirname + '/config.json')`, `require(path.join(__dirname, '..', 'config'))` and the like: every part of the name is known. */
const CALLS = [
  /\brequire\(\s*__dirname\s*\+\s*('\/[^'\n]*'|"\/[^"\n]*"|`\/[^`$\n]*`)\s*\)/g,
  /\brequire\(\s*`\$\{__dirname\}(\/[^`$\n]*)`\s*\)/g,
  /\brequire\(\s*(?:path\.)?(?:join|resolve)\(\s*__dirname\s*((?:,\s*(?:'[^'\n]*'|"[^"\n]*")\s*)+),?\s*\)\s*\)/g,
];

/**
 * Writes such calls as `require('./config.json')`, the only form that bundlers follow. As before, a name that has no file is left to Node.
 *
 * @param source the text of a CommonJS or TypeScript file
 */
export function withRelativeRequires(source: string, file: string): string {
  if (!source.includes('__dirname')) return source;
  return CALLS.reduce((text, pattern) => text.replace(pattern, (call: string, parts: string) => {
    const name = `./${path.posix.join('.', ...parts.split(/,(?=\s*['"])/).map(part => part.trim().replace(/^(['"`])(.*)\1$/, '$2')))}`;
    // As long as before, so that the columns after it do not change.
    return exists(name, file) ? `require(${JSON.stringify(name)})${call.replace(/[^\n]/g, ' ').slice(name.length + 'require("")'.length)}` : call;
  }), source);
}

function exists(name: string, importer: string): boolean {
  const { resolve } = createRequire(importer);
  return ['', '.ts', '/index.ts'].some(ending => {
    try {
      resolve(name + ending);
      return true;
    } catch {
      return false;
    }
  });
}

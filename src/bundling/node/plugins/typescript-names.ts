import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

/** A computed name of a file, such as `./routes/${name}.js`: what is before its first variable part. */
const COMPUTED_NAMES = [
  /\b(?:import|require)\(\s*`(\.{1,2}\/[^`$]*)\$\{[^`\n]*\.[cm]?js`\s*\)/g,
  /\b(?:import|require)\(\s*(?:'(\.{1,2}\/[^'\n]*)'|"(\.{1,2}\/[^"\n]*)")\s*\+[^()\n]*\.[cm]?js['"]\s*\)/g,
];

/**
 * TypeScript names the file `users.ts` `./users.js`, which it will be once it is compiled. esbuild knows this of names that are written in
 * whole, but takes `./routes/${name}.js` for those of JavaScript files. Here such a name gets the extension of the sources, if the folder
 * has sources and no JavaScript.
 *
 * @param source the text of a TypeScript file
 */
export function withTypeScriptNames(source: string, file: string): string {
  return COMPUTED_NAMES.reduce((text, pattern) => text.replace(pattern, (call: string, ...groups: (string | undefined)[]) => {
    const start = (groups[0] ?? groups[1])!;
    const folder = path.join(path.dirname(file), start.slice(0, start.lastIndexOf('/') + 1));
    return hasSourcesOnly(folder) ? call.replace(/js(['"`]\s*\))$/, 'ts$1') : call;
  }), source);
}

function hasSourcesOnly(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.some(file => /(?<!\.d)\.[cm]?ts$/.test(file)) && !files.some(file => /\.[cm]?js$/.test(file));
}

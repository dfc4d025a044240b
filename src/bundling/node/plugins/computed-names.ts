import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Location, Message, Plugin } from 'esbuild';
import { insertAfter, MappedText } from './source-map-columns';
import { packageOf } from '../../npm-package';

/*
 * Calls such as `require('./env/' + name)`. esbuild bundles all files that the name may be of, in a table by their whole names, but unlike
 * Node it fails if there is no such folder or a file is no code, and at run time it finds no file by a name without its extension.
 */

/** What makes esbuild fail, and Node only if the call is made. */
export interface ComputedNames {
  /** The names for which there is no folder, in packages: they catch what Node throws. */
  readonly withoutFolder: readonly Location[];
  /** The files that are no code. */
  readonly noCode: readonly string[];
}

/** Undefined if no such name is among the errors. */
export function computedNames(errors: readonly Message[]): ComputedNames | undefined {
  const withoutFolder: Location[] = [];
  const noCode: string[] = [];
  for (const { text, location } of errors) {
    if (!location) continue;
    // esbuild takes files without an extension, such as a LICENSE, for JavaScript. Nobody names one in whole but to run it.
    if (path.extname(location.file) === '' && !text.startsWith('Could not resolve ')) noCode.push(location.file);
    if (!isComputed(location)) continue;
    const [, file] = /^No loader is configured for "\.(?!node")[^"]*" files: (.*)$/.exec(text) ?? [];
    if (file !== undefined) noCode.push(file);
    if (text.startsWith('Could not resolve ') && packageOf(location.file)) withoutFolder.push(location);
  }
  return withoutFolder.length + noCode.length > 0 ? { withoutFolder, noCode } : undefined;
}

/** Whether the name has variable parts. */
function isComputed({ lineText, column, length }: Location): boolean {
  return !/^(?:'[^']*'|"[^"]*"|`[^`$]*`)$/.test(Buffer.from(lineText).subarray(column, column + length).toString());
}

/** Lets a build go on in spite of them. */
export function passComputedNames({ withoutFolder, noCode }: ComputedNames): Plugin {
  return {
    name: 'computed-names',
    setup(build) {
      const absolute = (file: string) => path.resolve(build.initialOptions.absWorkingDir!, file);
      const callers = new Set(withoutFolder.map(({ file }) => absolute(file)));
      const others = new Set(noCode.map(absolute));
      build.onLoad({ filter: /./, namespace: 'file' }, ({ path: file }) => {
        if (others.has(file)) return { contents: `throw new SyntaxError(${JSON.stringify(`${path.basename(file)} is no JavaScript`)});`, loader: 'js' };
        if (!callers.has(file)) return undefined;
        return { contents: leaveToNode(readFileSync(file, 'utf8'), withoutFolder.filter(call => absolute(call.file) === file)), loader: 'default' };
      });
    },
  };
}

/** esbuild looks for files only where it sees a part of the name. */
function leaveToNode(source: string, names: Location[]): string {
  const lines = source.split('\n');
  // From right to left, so that the positions of those before do not change.
  for (const { line, column, length } of [...names].sort((a, b) => b.column - a.column)) {
    // Columns are counted in bytes.
    const bytes = Buffer.from(lines[line - 1]);
    const name = bytes.subarray(column, column + length);
    lines[line - 1] = Buffer.concat([bytes.subarray(0, column), Buffer.from(`String(${name})`), bytes.subarray(column + length)]).toString();
  }
  return lines.join('\n');
}

/** The helper of esbuild that looks a name up in such a table, also minified. */
const LOOKUP_HELPER = /var ([\w$]+)\s*=\s*([\w$]+)\[([\w$]+)\](?=;\s*if\s*\(\1\)\s*return \1\(\);\s*throw new Error\("Module not found in bundle: ")/;

/** What Node adds to names that have no file, also where the file is TypeScript that is compiled. */
const ENDINGS = ['', '/index'].flatMap(index => ['.js', '.json', '.ts', '.cjs', '.mjs', '.cts', '.mts', '.jsx', '.tsx'].map(extension => index + extension));

/** Makes a bundle find files by names without an extension, and those of folders, as Node does. */
export function withNodeEndings(bundle: MappedText): MappedText {
  return insertAfter(LOOKUP_HELPER, bundle, ([, , table, name]) => (
    ` || ${table}[${JSON.stringify(ENDINGS)}.map((ending) => ${name}.replace(/\\/$/, "") + ending).find((file) => ${table}[file])]`
  ));
}

import { createHash } from 'node:crypto';

/** Variables in the output. If the user's code has a variable of the same name, esbuild renames that one. */
const HERE = 'wrappedWebAppHere';
const FILES = 'wrappedWebAppFiles';
/** A placeholder in the banner, replaced when all files are known. It is a comment, so the output is always valid code. */
const TABLE = '/* wrapped-web-app: files */';

/**
 * The values of `__dirname`, `__filename` and `import.meta` in a bundle.
 *
 * esbuild does not change them: they would be those of the bundle, they would not exist in the other module format, and
 * `import.meta.url` would be undefined in CommonJS. With this class each file of the user gets its own path, relative to the root of the
 * asset instead of the root of the project, and a package gets the path of the bundle.
 */
export class FileLocations {
  /** The expressions that replace the names that Node gives to each module. */
  public readonly define: Record<string, string> = {
    '__dirname': `${HERE}.dirname`,
    '__filename': `${HERE}.filename`,
    'import.meta.dirname': `${HERE}.dirname`,
    'import.meta.filename': `${HERE}.filename`,
    'import.meta.url': `${HERE}.url`,
  };

  /** JavaScript at the start of the output. */
  public readonly banner: string;

  private readonly files = new Map<string, string>();
  private readonly root: string;

  /**
   * @param format the module format of the output
   * @param bundle the path of the output in the asset
   */
  constructor(format: 'cjs' | 'esm', bundle: string) {
    this.root = '../'.repeat(bundle.split('/').length - 1) || './';
    this.banner = [
      ...format === 'esm' ? [
        'import { createRequire as wrappedWebAppCreateRequire } from "node:module";',
        'import { dirname as wrappedWebAppDirname } from "node:path";',
        'import { fileURLToPath as wrappedWebAppFileOf } from "node:url";',
        // CommonJS packages call `require`. esbuild does not use this name.
        'var require = wrappedWebAppCreateRequire(import.meta.url);',
        'var wrappedWebAppSelf = import.meta.url;',
      ] : [
        'var { dirname: wrappedWebAppDirname } = require("node:path");',
        'var { fileURLToPath: wrappedWebAppFileOf, pathToFileURL: wrappedWebAppUrlOf } = require("node:url");',
        'var wrappedWebAppSelf = wrappedWebAppUrlOf(__filename).href;',
      ],
      'function wrappedWebAppLocate(path) {',
      '  var url = new URL(path, wrappedWebAppSelf).href, filename = wrappedWebAppFileOf(url);',
      '  return { url, filename, dirname: wrappedWebAppDirname(filename) };',
      '}',
      `var ${HERE} = wrappedWebAppLocate("");`,
      `var ${FILES} = {${TABLE}};`,
    ].join('\n');
  }

  /** Adds the location of a user's file to its code, if the code uses it. */
  public locate(source: string, relativeFile: string): string {
    if (!/\b__(dir|file)name\b|\bimport\.meta\b/.test(source)) return source;
    const key = `${relativeFile.replace(/\W+/g, '_')}_${createHash('sha256').update(relativeFile).digest('hex').slice(0, 8)}`;
    this.files.set(key, relativeFile);
    const start = startOfCode(source);
    // On the line of the first statement, so that line numbers do not change.
    return `${source.slice(0, start)}var ${HERE} = ${FILES}.${key};${source.slice(start)}`;
  }

  /** Fills in the locations of all files. */
  public complete(output: string): string {
    const table = [...this.files].sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, file]) => `${key}: ${this.locationOf(file)}`);
    return output.replace(TABLE, () => table.join(', '));
  }

  /** An expression of the output, which is the location of a file of the asset. */
  protected locationOf(relativeFile: string): string {
    return `wrappedWebAppLocate(${JSON.stringify(this.root + encodeURI(relativeFile).replace(/[?#]/g, encodeURIComponent))})`;
  }
}

/** The position after everything that must stay at the start: a hashbang, comments for compilers, and directives such as 'use strict'. */
function startOfCode(source: string): number {
  return /^(?:#!.*)?(?:\s+|\/\/.*|\/\*[^]*?\*\/|(?:'[^'\n]*'|"[^"\n]*")[ \t]*(?:;|(?=\r?\n)))*/.exec(source)![0].length;
}

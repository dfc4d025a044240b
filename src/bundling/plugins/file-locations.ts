import { createHash } from 'node:crypto';

/** The variables in the output. Their names are unlikely in a user's code; esbuild renames a user's own of the same name. */
const HERE = 'wrappedWebAppHere';
const FILES = 'wrappedWebAppFiles';
/** Stands in the banner until all files are known. A comment, so that the output is valid code before and after. */
const TABLE = '/* wrapped-web-app: files */';

/**
 * What `__dirname`, `__filename` and `import.meta` say in a bundle.
 *
 * esbuild leaves them as they are, so that they speak of the bundle, are missing in the other module format, and
 * `import.meta.url` is undefined in CommonJS. Here a user's file gets its own path, relative to the root of the asset
 * instead of the project's, and a package gets the path of the bundle.
 */
export class FileLocations {
  /** What stands for the names that Node gives to each module. */
  public readonly define: Record<string, string> = {
    '__dirname': `${HERE}.dirname`,
    '__filename': `${HERE}.filename`,
    'import.meta.dirname': `${HERE}.dirname`,
    'import.meta.filename': `${HERE}.filename`,
    'import.meta.url': `${HERE}.url`,
  };

  /** JavaScript that the output begins with. */
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
        // Packages in CommonJS call it; esbuild keeps this name free.
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

  /** Gives a file of the user's its own location, where its code asks for it. */
  public locate(source: string, relativeFile: string): string {
    if (!/\b__(dir|file)name\b|\bimport\.meta\b/.test(source)) return source;
    const key = `${relativeFile.replace(/\W+/g, '_')}_${createHash('sha256').update(relativeFile).digest('hex').slice(0, 8)}`;
    this.files.set(key, relativeFile);
    const start = startOfCode(source);
    // On the line of the first statement: no line of the file moves.
    return `${source.slice(0, start)}var ${HERE} = ${FILES}.${key};${source.slice(start)}`;
  }

  /** The output once all files are known. */
  public complete(output: string): string {
    const table = [...this.files].sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, file]) => `${key}: wrappedWebAppLocate(${JSON.stringify(this.root + encodeURI(file).replace(/[?#]/g, encodeURIComponent))})`);
    return output.replace(TABLE, () => table.join(', '));
  }
}

/** Behind what must stay first: a hashbang, comments that speak to compilers, directives such as 'use strict'. */
function startOfCode(source: string): number {
  return /^(?:#!.*)?(?:\s+|\/\/.*|\/\*[^]*?\*\/|(?:'[^'\n]*'|"[^"\n]*")[ \t]*(?:;|(?=\r?\n)))*/.exec(source)![0].length;
}

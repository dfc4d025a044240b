import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Metafile, Plugin } from 'esbuild';
import { isFile, isFolder } from '../../file-kinds';
import { adviceToInstall, packageOf } from '../../npm-package';

/** A string literal. Before it may be what is used instead of it, as in `process.env.DATA || '../data'`. */
const STRING = /\s*(?:[\w$.]+\s*(?:\|\||\?\?)\s*)*(?:'([^'\n]*)'|"([^"\n]*)"|`([^`$\n]*)`)\s*/y;

/** The folder of the module, as packages write it. */
const HERE = String.raw`(?:__dirname|import\.meta\.dirname|(?:[\w$]+\.)?dirname\((?:[\w$]+\.)?fileURLToPath\(import\.meta\.url\)\))`;

/**
 * The start of an expression that makes a path of a file beside the module. String literals follow, separated by commas where the match ends
 * with a comma.
 */
const REFERENCES = [
  new RegExp(String.raw`\b(?:join|resolve)\(\s*${HERE}\s*(,|\))`, 'g'),
  new RegExp(String.raw`${HERE}\s*(\+)`, 'g'),
  /\$\{__dirname\}(\/)/g,
  // The second argument is often a variable with `import.meta.url`.
  /new URL\((?=\s*['"`]\.\.?\/[^'"`\n]*['"`]\s*,\s*[\w$.]+\s*\))()/g,
];

/** `require.resolve` of a file, such as one for a worker: in the bundle, Node finds none by this name. */
const RESOLVED = /\brequire\.resolve\(\s*['"`](\.\.?\/[^'"`\n]*)['"`]\s*\)/g;

/**
 * Warns about bundled packages that read files beside their code, such as the pages of swagger-ui-dist: the bundle has only the code.
 * Only files and folders that exist count, and code only where `require.resolve` asks for its path: packages load it in the usual way as well.
 */
export function packageFiles(): Plugin {
  return {
    name: 'package-files',
    setup(build) {
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return undefined;
        const root = build.initialOptions.absWorkingDir!;
        const texts = new Map<string, string>();
        for (const file of bundledFiles(metafile)) {
          const owner = packageOf(file);
          const read = owner && !texts.has(owner.name) ? fileThatItReads(path.resolve(root, file), path.resolve(root, owner.folder)) : undefined;
          if (!owner || !read) continue;
          texts.set(owner.name, `${owner.name} reads files beside its code, which are not in the bundle: ${read} (in ${file.slice(owner.folder.length + 1)}); `
            + adviceToInstall(metafile, root, owner));
        }
        return { warnings: [...texts.values()].map(text => ({ text })) };
      });
    },
  };
}

/** The files whose code is in the output: esbuild drops unused ones. */
function bundledFiles({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) => (
    Object.entries(inputs).filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && /\.[cm]?[jt]s$/.test(file)).map(([file]) => file)
  ));
}

/** The first file or folder of the package that the code makes a path of, relative to the package. */
function fileThatItReads(file: string, packageFolder: string): string | undefined {
  const source = readFileSync(file, 'utf8');
  if (!/__dirname|import\.meta|\brequire\.resolve\b/.test(source)) return undefined;
  for (const [, name] of source.matchAll(RESOLVED)) {
    const target = resolvedFile(path.resolve(path.dirname(file), name));
    if (target && isInside(target, packageFolder)) return path.relative(packageFolder, target);
  }
  for (const pattern of REFERENCES) {
    for (const match of source.matchAll(pattern)) {
      const parts = match[1] === ')' ? [] : literalsAt(source, match.index + match[0].length - (match[1] === '/' ? 1 : 0), match[1]);
      if (!parts) continue;
      const target = path.resolve(path.dirname(file), ...parts.map(part => part.replace(/^\/+/, '')));
      if (isData(target) && isInside(target, packageFolder)) return path.relative(packageFolder, target) || '.';
    }
  }
  return undefined;
}

/** The string literals from a position on, or undefined if there are none. */
function literalsAt(source: string, position: number, before: string): string[] | undefined {
  if (before === '/') return [/^[^`$'"\s]*/.exec(source.slice(position, position + 200))![0]];
  const parts: string[] = [];
  STRING.lastIndex = position;
  for (let match = STRING.exec(source); match; match = STRING.exec(source)) {
    parts.push(match[1] ?? match[2] ?? match[3]);
    if (before !== ',' || source[STRING.lastIndex] !== ',') break;
    STRING.lastIndex += 1;
  }
  return parts.length > 0 ? parts : undefined;
}

function isData(target: string): boolean {
  return isFolder(target) || (existsSync(target) && !/\.([cm]?[jt]s|node)$/.test(target));
}

function resolvedFile(target: string): string | undefined {
  return [target, `${target}.js`, `${target}.json`].find(isFile);
}

function isInside(target: string, folder: string): boolean {
  return target === folder || target.startsWith(folder + path.sep);
}

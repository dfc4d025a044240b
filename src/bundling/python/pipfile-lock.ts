import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

/** https://pipenv.pypa.io/en/latest/pipfile.html */
interface PipfileLock {
  readonly _meta?: { readonly sources?: { readonly name?: string; readonly url: string; readonly verify_ssl?: boolean }[] };
  readonly [category: string]: { readonly [name: string]: PipfilePackage } | undefined | object;
}

interface PipfilePackage {
  readonly version?: string;
  readonly hashes?: string[];
  readonly markers?: string;
  readonly extras?: string[];
  readonly index?: string;
  readonly path?: string;
  readonly file?: string;
  readonly git?: string;
  readonly ref?: string;
  readonly subdirectory?: string;
}

/**
 * The requirements of a `Pipfile.lock`, with hashes, markers and indexes. A requirements file cannot say from which index a package
 * comes, so with several indexes each package must have hashes.
 */
export function renderPipfileLock(constructPath: string, file: string, text: string, categories: string[]): string {
  const lock = parse(constructPath, file, text);
  const sources = lock._meta?.sources ?? [];
  const lines = sources.flatMap(({ url, verify_ssl: verify }, index) => [
    `${index === 0 ? '--index-url' : '--extra-index-url'} ${url}`,
    ...verify === false ? [`--trusted-host ${url.replace(/^\w+:\/\/(?:[^@/]*@)?/, '').split('/')[0]}`] : [],
  ]);
  for (const category of ['default', ...categories]) {
    const packages = lock[category] as { [name: string]: PipfilePackage } | undefined;
    if (packages === undefined) {
      const known = Object.keys(lock).filter(name => name !== '_meta' && name !== 'default');
      throw new Error(`${constructPath}: ${file} has no category ${JSON.stringify(category)}; choose groups from ${JSON.stringify(known)}`);
    }
    for (const [name, locked] of Object.entries(packages)) {
      if (sources.length > 1 && locked.version !== undefined && !locked.hashes?.length) {
        throw new Error(`${constructPath}: ${file} has several indexes, but no hashes for ${name}, so that a package of the same name could come from `
          + 'another index; run: pipenv lock');
      }
      lines.push(render(path.dirname(file), name, locked));
    }
  }
  return `${[...new Set(lines)].join('\n')}\n`;
}

function parse(constructPath: string, file: string, text: string): PipfileLock {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${constructPath}: cannot read ${file}: ${(error as Error).message}; run: pipenv lock`);
  }
}

function render(directory: string, name: string, locked: PipfilePackage): string {
  const { version, hashes = [], markers, extras, path: folder, file, git, ref, subdirectory } = locked;
  const suffix = subdirectory ? `#subdirectory=${subdirectory}` : '';
  const local = folder ?? (file !== undefined && !/^\w+:\/\//.test(file) ? file : undefined);
  const url = git !== undefined ? `git+${git}@${ref ?? 'HEAD'}` : local !== undefined ? pathToFileURL(path.resolve(directory, local)).href : file;
  const named = `${name}${extras?.length ? `[${extras.join(',')}]` : ''}`;
  const marker = markers ? ` ; ${markers}` : '';
  if (url !== undefined) return `${named} @ ${url}${suffix}${marker}`;
  return `${named}${version ?? ''}${marker}${hashes.map(hash => ` --hash=${hash}`).join('')}`;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** A package that uv built on this machine. */
export interface BuiltPackage {
  /** As in `docopt==0.6.2`. */
  readonly requirement: string;
  /** The folder that it was built from, if it is code of the user. */
  readonly directory?: string;
  /** Whether it runs on one kind of machine only. */
  readonly compiled: boolean;
  /** The folder with its metadata, relative to the packages. */
  readonly info: string;
}

/** Lists the packages in a folder that uv built. uv writes `uv_build.json` for each of them. */
export function findBuiltPackages(directory: string): BuiltPackage[] {
  return readdirSync(directory).filter(name => name.endsWith('.dist-info')).sort().flatMap(info => {
    const read = (file: string) => existsSync(path.join(directory, info, file)) ? readFileSync(path.join(directory, info, file), 'utf8') : '';
    const tags = [...read('WHEEL').matchAll(/^Tag:\s*\S+-(\S+)\s*$/gm)].map(([, platform]) => platform);
    const { url, dir_info: isDirectory } = read('direct_url.json') ? JSON.parse(read('direct_url.json')) : {} as Record<string, undefined>;
    if (!isDirectory && !existsSync(path.join(directory, info, 'uv_build.json'))) return [];
    const [, name] = /^Name:\s*(\S+)/m.exec(read('METADATA')) ?? [];
    const [, version] = /^Version:\s*(\S+)/m.exec(read('METADATA')) ?? [];
    return [{
      requirement: `${name}==${version}`,
      directory: isDirectory ? fileOf(url) : undefined,
      compiled: tags.length > 0 && tags.some(platform => platform !== 'any'),
      info,
    }];
  });
}

function fileOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname).replace(/\/$/, '');
}

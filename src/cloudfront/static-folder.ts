import * as fs from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { StaticFiles } from './static-files-options';

/** A folder of static files, and what CloudFront has to know of it. */
export interface StaticFolder {
  readonly folder: string;
  /** The path in URLs, without slashes at its ends; empty at the root. */
  readonly prefix: string;
  /** The paths of its files, with slashes on each system. */
  readonly files: readonly string[];
  readonly hashed: readonly string[];
  /** The paths of a distribution that are its files, e.g. `/images/*`. */
  readonly pathPatterns: readonly string[];
}

/** What a path pattern can have besides wildcards: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern */
const PLAIN = /^[\w\-.$/~"'@:+&]+$/;

/** Reads a folder and checks its options. */
export function readStaticFolder(scope: Construct, { folder, path: urlPath = '/', hashed = [] }: StaticFiles): StaticFolder {
  const fail = (problem: string): never => {
    throw new Error(`${scope.node.path}: staticFiles: ${problem}`);
  };
  if (!/^\/$|^(\/[^/\s]+)+$/.test(urlPath) || !PLAIN.test(urlPath)) {
    fail(`path must start with a slash and end without one, and have no character that URLs escape, e.g. '/static', got ${JSON.stringify(urlPath)}`);
  }
  // Below a file statSync alone would throw.
  if (!(fs.existsSync(folder) && fs.statSync(folder).isDirectory())) {
    fail(`there is no folder ${path.resolve(folder)}; build the site before the synthesis, or correct folder ${JSON.stringify(folder)}`);
  }
  const files = filesIn(folder).sort();
  if (files.length === 0) fail(`the folder ${path.resolve(folder)} is empty; build the site before the synthesis, or drop it`);
  const unused = hashed.find(pattern => !files.some(file => matches(pattern, file)));
  if (unused !== undefined) {
    fail(`hashed has a pattern that matches no file in ${path.resolve(folder)}: ${JSON.stringify(unused)}; patterns are relative to the folder, such as 'assets/**'`);
  }
  const prefix = urlPath.slice(1);
  const pathPatterns = prefix === '' ? [...new Set(files.map(topOf))] : [`/${prefix}/*`];
  const special = prefix === '' ? pathPatterns.find(pattern => !PLAIN.test(pattern.replace(/\/\*$/, ''))) : undefined;
  if (special !== undefined) fail(`${special} has a character that a path of a distribution cannot have; rename it, or put it into a folder`);
  return { folder, prefix, files, hashed: files.filter(file => hashed.some(pattern => matches(pattern, file))), pathPatterns };
}

/** A link to a file or a folder is one, as in other assets. */
function filesIn(folder: string, below = ''): string[] {
  return fs.readdirSync(path.join(folder, below)).flatMap(name => {
    const file = below === '' ? name : `${below}/${name}`;
    if (name.startsWith('.') && name !== '.well-known') return [];
    return fs.statSync(path.join(folder, file)).isDirectory() ? filesIn(folder, file) : [file];
  });
}

function topOf(file: string): string {
  const slash = file.indexOf('/');
  return slash < 0 ? `/${file}` : `/${file.slice(0, slash)}/*`;
}

function matches(pattern: string, file: string): boolean {
  const source = pattern.replace(/^\//, '').replace(/\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, token => (
    { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }[token] ?? `\\${token}`));
  return new RegExp(`^${source}$`).test(file);
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { FoundApp, quote } from './found-app';
import { dependenciesOf, PackageFile } from './package-file';

/** Web frameworks, and how code makes an app of each. The first one that a project depends on is its framework. */
const FRAMEWORKS: { package: string; kind: string; makesApp: RegExp }[] = [
  { package: '@nestjs/core', kind: 'a NestJS app', makesApp: /NestFactory\s*\.\s*create\b/ },
  { package: 'fastify', kind: 'a Fastify app', makesApp: /\b[Ff]astify\s*(<[^>]*>)?\(/ },
  { package: '@hapi/hapi', kind: 'a Hapi app', makesApp: /\bHapi\s*\.\s*[sS]erver\s*\(/ },
  { package: 'koa', kind: 'a Koa app', makesApp: /new Koa\b/ },
  { package: 'hono', kind: 'a Hono app', makesApp: /new (OpenAPI)?Hono\b/ },
  { package: 'polka', kind: 'a Polka app', makesApp: /\bpolka\s*\(/ },
  { package: 'restify', kind: 'a Restify app', makesApp: /restify\s*\.\s*createServer\b/ },
  { package: 'express', kind: 'an Express app', makesApp: /\bexpress\s*\(\s*\)/ },
  { package: 'connect', kind: 'a Connect app', makesApp: /\bconnect\s*\(\s*\)/ },
];

const PLAIN = { kind: 'a Node HTTP server', makesApp: /\bcreateServer\s*\(/ };

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];
const FOLDERS = ['src', '', 'src/server', 'src/app', 'server', 'app', 'api', 'lib', 'source', 'backend'];
const NAMES = ['app', 'server', 'main', 'index', 'www', 'start'];

/** Folders of files that apps read while they run. */
const ASSETS = ['public', 'views', 'static', 'templates', 'assets', 'locales'];

const LISTENS = /\.\s*listen\s*\(|\bserve\s*\(/;
const EXPORTS_APP = /export\s+default\b|module\.exports\s*=|exports\.(app|default|server)\s*=|export\s+(const|let|class|function|async function)\s+(app|server)\b|export\s*\{[^}]*\b(app|server)\b/;

/** Finds a Node app: by the framework that package.json names and by what its files do. */
export function findNodeApp(directory: string, packageFile: PackageFile | undefined): FoundApp | undefined {
  if (!packageFile) return undefined;
  const dependencies = dependenciesOf(packageFile);
  const framework = FRAMEWORKS.find((candidate) => candidate.package in dependencies) ?? PLAIN;
  const started = startedFiles(directory, packageFile);
  const candidates = [...new Set([...started, ...usualFiles(directory)])]
    .map((file) => ({ file, score: score(fs.readFileSync(path.join(directory, file), 'utf8'), framework.makesApp, started.includes(file), framework !== PLAIN) }))
    .filter((candidate) => candidate.score > 0)
    // Sorting is stable: of equal files, the more usual one is first.
    .sort((a, b) => b.score - a.score);
  if (candidates.length === 0) return undefined;
  const [{ file }] = candidates;
  const assets = ASSETS.filter((name) => isFolder(path.join(directory, name)) && mentions(directory, file, name));
  return {
    language: 'node',
    kind: framework.kind,
    place: file,
    entry: assets.length > 0 ? `AppSource.node(${quote(file)}, { assets: [${assets.map(quote).join(', ')}] })` : quote(file),
    usesAppSource: assets.length > 0,
    build: [],
  };
}

/** The best is what `npm start` runs; then a file that makes an app and exports it; then one that makes it and listens. */
function score(code: string, makesApp: RegExp, isStarted: boolean, hasFramework: boolean): number {
  const makes = makesApp.test(code);
  const listens = LISTENS.test(code);
  if (isStarted && listens) return makes ? 10 : 9;
  if (makes && EXPORTS_APP.test(code)) return 8;
  if (makes && listens) return 7;
  if (isStarted && makes) return 6;
  // It starts what another file makes.
  if (isStarted && hasFramework) return 5;
  return hasFramework && listens ? 3 : 0;
}

/** The files that the scripts and `main` of package.json name; those of a compiled app are looked for among its sources. */
function startedFiles(directory: string, { scripts = {}, main, module }: PackageFile): string[] {
  const named = ['start', 'start:prod', 'serve', 'dev', 'start:dev', 'develop', 'watch'].flatMap((name) => wordsOf(scripts[name]));
  return [...named, ...[main, module].filter((file) => file !== undefined)].flatMap((word) => {
    const file = path.posix.normalize(word);
    if (file.startsWith('..') || path.isAbsolute(file)) return [];
    return sourcesOf(file).filter((candidate) => isAppFile(directory, candidate)).slice(0, 1);
  });
}

/** The words of a command that can be files: `nest start` runs src/main. */
function wordsOf(script = ''): string[] {
  const words = script.split(/[\s"';&|]+/).filter((word) => /^[\w@./-]+$/.test(word) && !word.startsWith('-'));
  return [...words.filter((word) => /\.[cm]?[jt]sx?$|\//.test(word)), ...(/\bnest start\b/.test(script) ? ['src/main.ts'] : [])];
}

/** `dist/server.js` is compiled from `src/server.ts`, or from `server.ts`. */
function sourcesOf(file: string): string[] {
  const inSources = file.replace(/^(dist|build|out|lib|\.build)\//, '');
  const bases = (inSources === file ? [file] : [inSources.startsWith('src/') ? inSources : `src/${inSources}`, inSources, file])
    .map((candidate) => candidate.replace(/\.[cm]?[jt]sx?$/, ''));
  return bases.flatMap((base) => [...EXTENSIONS.map((extension) => base + extension), ...EXTENSIONS.map((extension) => `${base}/index${extension}`)]);
}

function usualFiles(directory: string): string[] {
  return FOLDERS.flatMap((folder) => NAMES.flatMap((name) => EXTENSIONS.map((extension) => path.posix.join(folder, name + extension))))
    .filter((file) => isAppFile(directory, file));
}

function isAppFile(directory: string, file: string): boolean {
  const full = path.join(directory, file);
  // existsSync is also false below a file, for which statSync throws.
  return !/(^|\/)node_modules\//.test(file) && fs.existsSync(full) && fs.statSync(full).isFile();
}

function isFolder(file: string): boolean {
  return fs.existsSync(file) && fs.statSync(file).isDirectory();
}

/** Whether a source beside or below the entry, or one that is at the top, has the folder's name in a string. */
function mentions(directory: string, entry: string, folder: string): boolean {
  const pattern = new RegExp(`['"\`/]${folder}['"\`/]`);
  return sourcesBelow(directory, path.posix.dirname(entry), 4).some((file) => pattern.test(fs.readFileSync(path.join(directory, file), 'utf8')));
}

function sourcesBelow(directory: string, folder: string, depth: number): string[] {
  return fs.readdirSync(path.join(directory, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      const isOther = /^(\.|node_modules$|cdk\.out$|dist$|build$|coverage$|tests?$)/.test(entry.name) || ASSETS.includes(entry.name);
      return isOther || depth === 0 ? [] : sourcesBelow(directory, file, depth - 1);
    }
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [file] : [];
  });
}

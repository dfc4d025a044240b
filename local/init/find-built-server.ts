import * as fs from 'node:fs';
import * as path from 'node:path';
import { FoundApp, quote } from './found-app';
import { dependenciesOf, PackageFile } from './package-file';

/**
 * Frameworks whose build makes a Node server: folders of which a project has one, the folder that the build makes, the file in it,
 * and what is laid beside it.
 */
const FRAMEWORKS: { package: string; kind: string; pages?: string[]; folder: string; entry: string; assets?: Record<string, string> }[] = [
  {
    package: 'next',
    kind: 'a Next.js app',
    pages: ['app', 'pages', 'src/app', 'src/pages'],
    folder: '.next/standalone',
    entry: 'server.js',
    assets: { '.next/static': '.next/static', 'public': 'public' },
  },
  { package: 'nuxt', kind: 'a Nuxt app', folder: '.output', entry: 'server/index.mjs' },
  { package: 'nitropack', kind: 'a Nitro server', folder: '.output', entry: 'server/index.mjs' },
];

/** Finds an app of a framework that builds a server, whether or not it has been built yet. */
export function findBuiltServer(directory: string, packageFile: PackageFile | undefined): FoundApp | undefined {
  const dependencies = dependenciesOf(packageFile);
  const hasOneOf = (folders: readonly string[]): boolean => folders.some((name) => fs.existsSync(path.join(directory, name)));
  const framework = FRAMEWORKS.find(({ package: name, pages }) => name in dependencies && (!pages || hasOneOf(pages)));
  if (!framework) return undefined;
  const { kind, folder, entry, assets = {} } = framework;
  // A project need not have a folder public; what the build makes is there later.
  const laid = Object.entries(assets).filter(([, source]) => source.startsWith('.') || fs.existsSync(path.join(directory, source)));
  const options = [`entry: ${quote(entry)}`, ...(laid.length > 0 ? [`assets: { ${laid.map(([to, from]) => `${quote(to)}: ${quote(from)}`).join(', ')} }`] : [])];
  return {
    language: 'node',
    kind,
    place: folder,
    entry: `AppSource.server(${quote(folder)}, { ${options.join(', ')} })`,
    usesAppSource: true,
    build: [packageFile?.scripts?.build ? 'run build' : `exec ${framework.package} build`],
  };
}

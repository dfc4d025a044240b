import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { ServerAppOptions } from './server-app-options';

/** Presets of Nitro whose output is a Node server: https://nitro.build/deploy/runtimes/node */
const NITRO_NODE_PRESETS = ['node', 'node-listener', 'node-middleware', 'node-server'];

/** Files in which adapters leave what runs elsewhere than on Node, in the folder that was named. */
const EDGE_OUTPUTS: { file: string; made: string }[] = [
  { file: '_worker.js', made: 'a build for Cloudflare' },
  { file: 'wrangler.json', made: 'a build for Cloudflare' },
  { file: 'server/wrangler.json', made: 'a build for Cloudflare' },
  { file: 'build/server/wrangler.json', made: 'a build for Cloudflare' },
  { file: 'edge-functions', made: 'a build for the edge' },
];

/** The same in the folder of the project, if the folder that was named is missing. */
const OTHER_OUTPUTS: { file: string; made: string }[] = [
  { file: '.vercel/output', made: 'the build is for Vercel' },
  { file: '.netlify', made: 'the build is for Netlify' },
  { file: '.svelte-kit/cloudflare', made: 'the build is for Cloudflare' },
  { file: '.wrangler/deploy', made: 'the build is for Cloudflare' },
  { file: 'dist/server/server.js', made: 'the build has no server of its own, only a function that answers requests' },
  { file: '.svelte-kit/output', made: 'no adapter wrote it' },
];

const NEXT_FIX = "set output: 'standalone' in next.config.js, and run: npx next build";
const REACT_ROUTER_FIX = 'set ssr: true in react-router.config, run: npx react-router build, and put the build into a folder with the packages of the server';

/** What leaves a Node server, by the package that a project of the framework depends on. */
const FRAMEWORKS: { packages: string[]; fix: string }[] = [
  { packages: ['next'], fix: NEXT_FIX },
  { packages: ['nuxt'], fix: "run: npx nuxt build, with nitro: { preset: 'node-server' } in nuxt.config.ts if another preset is chosen" },
  { packages: ['@sveltejs/kit'], fix: 'set @sveltejs/adapter-node as the adapter in svelte.config.js or vite.config, and run: npx vite build' },
  { packages: ['astro'], fix: "set output: 'server' and adapter: node({ mode: 'standalone' }) of @astrojs/node in astro.config.mjs, and run: npx astro build" },
  { packages: ['@react-router/dev'], fix: REACT_ROUTER_FIX },
  {
    packages: ['@tanstack/react-start', '@tanstack/solid-start'],
    fix: "add nitro({ preset: 'node-server' }) of nitro/vite to the plugins in vite.config, and run: npx vite build",
  },
];

/** Throws if the folder holds a build that is not for a Node server, even if the file of the entry is there. */
export function refuseOtherBuilds(at: string, folder: string): void {
  const nitro = readJson(path.join(folder, 'nitro.json')) ?? readJson(path.join(folder, '../nitro.json'));
  const preset = typeof nitro?.preset === 'string' ? nitro.preset.replace(/_/g, '-') : undefined;
  if (preset !== undefined && !NITRO_NODE_PRESETS.includes(preset)) {
    const made = preset === 'static' || preset === 'github-pages' ? 'static files and no server' : preset === 'nitro-dev' ? 'a development build' : 'no Node server';
    throw new Error(`${at}: ${folder} was built with the preset ${JSON.stringify(nitro!.preset)}, which makes ${made}; ${fixOf(folder)
      ?? "set nitro: { preset: 'node-server' } in nuxt.config.ts (or preset in the config of Nitro), and run the build again"}`);
  }
  for (const { file, made } of EDGE_OUTPUTS) {
    if (existsSync(path.join(folder, file))) {
      throw new Error(`${at}: ${folder} holds ${made} (${file}), not a Node server; ${fixOf(folder) ?? 'use the Node adapter of the framework, and run the build again'}`);
    }
  }
}

/** Throws if the program that serves a build is there, but not the build. */
export function refuseMissingBuild(at: string, given: string, folder: string, { entry, args = [] }: ServerAppOptions): void {
  const [build] = args;
  if (!/(^|\/)node_modules\/@react-router\/serve\//.test(entry) || build === undefined || existsSync(path.join(folder, build))) return;
  const made = existsSync(path.join(folder, 'build/client/index.html')) ? ', because it was built with ssr: false, which makes static files and no server' : '';
  throw new Error(`${at}: the server folder ${given} has no ${build}, which args name${made}; ${fixOf(folder) ?? REACT_ROUTER_FIX}`);
}

/** The fix for the framework that the nearest package.json above a folder depends on, or that of the folder. */
function fixOf(folder: string): string | undefined {
  const project = projectOf(folder);
  const { dependencies, devDependencies } = (project && readJson(path.join(project, 'package.json'))) as { [field: string]: object | undefined } ?? {};
  const installed = { ...dependencies, ...devDependencies };
  return FRAMEWORKS.find(({ packages }) => packages.some(name => name in installed))?.fix;
}

function projectOf(folder: string): string | undefined {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : projectOf(parent);
}

/** Why there is no such folder, by what the framework left beside it. */
export function explainMissingFolder(given: string, folder: string): string {
  if (path.basename(folder) === 'standalone') return explainNextBuild(given, path.dirname(folder));
  const project = projectOf(folder);
  const other = project && OTHER_OUTPUTS.find(({ file }) => existsSync(path.join(project, file)));
  const fix = fixOf(folder) ?? 'run the build of the framework first, or correct the path';
  return `the server folder ${given} does not exist${other ? `, because ${other.made} (${other.file})` : ''}; ${fix}: it is looked up from the working directory, as ${folder}`;
}

/** https://nextjs.org/docs/app/api-reference/config/next-config-js/output */
function explainNextBuild(given: string, build: string): string {
  if (!existsSync(build)) return `the server folder ${given} does not exist, because nothing is built; ${NEXT_FIX} (it is looked up as ${path.join(build, 'standalone')})`;
  if (existsSync(path.join(build, 'export-detail.json')) || outputOf(build) === 'export') {
    return `the server folder ${given} does not exist, because next.config.js sets output: 'export', which makes static files and no server; ${NEXT_FIX}`;
  }
  if (!existsSync(path.join(build, 'BUILD_ID'))) return `the server folder ${given} does not exist, because ${build} holds a development build of Next; ${NEXT_FIX}`;
  return `the server folder ${given} does not exist, because Next was built without it; ${NEXT_FIX}`;
}

function outputOf(build: string): unknown {
  return (readJson(path.join(build, 'required-server-files.json'))?.config as { output?: unknown } | undefined)?.output;
}

/** Why the folder has no such file, by what is in it. */
export function explainMissingEntry(given: string, folder: string, entry: string): string {
  const missing = `the server folder ${given} has no file ${entry}`;
  const holds = (file: string) => existsSync(path.join(folder, file));
  const standalone = ['standalone', '.next/standalone'].find(holds);
  if (standalone) return `${missing}, but ${standalone} in it is a server that Next built; use AppSource.server(${JSON.stringify(path.join(given, standalone))}, …)`;
  if (holds('BUILD_ID') || holds('.next/BUILD_ID')) return `${missing}: it is a build of Next without a server; ${NEXT_FIX}`;
  const others = filesNamed(path.basename(entry), folder, 4);
  if (others.length > 0) return `${missing}; there is ${others.join(', ')}: use it as entry`;
  if (holds('index.html') || holds('client/index.html')) {
    const fix = fixOf(folder) ?? "build a Node server instead (Next: output: 'standalone', Nuxt: nuxt build, SvelteKit: @sveltejs/adapter-node, "
      + "Astro: output: 'server' and @astrojs/node, React Router: ssr: true, TanStack Start: nitro)";
    return `${missing}: it holds static files only (index.html); ${fix}, or serve the files from a bucket`;
  }
  return `${missing}; it has ${readdirSync(folder).sort().slice(0, 10).join(', ') || 'no files'}`;
}

/** Files of this name in the folder, but not in packages, as far down as `depth` folders. */
function filesNamed(name: string, folder: string, depth: number, below = ''): string[] {
  if (depth === 0) return [];
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1).flatMap(entry => {
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesNamed(name, path.join(folder, entry.name), depth - 1, `${below}${entry.name}/`);
    return entry.name === name ? [below + name] : [];
  });
}

function readJson(file: string): Record<string, unknown> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // It is half written, or not what its name says.
    return undefined;
  }
}

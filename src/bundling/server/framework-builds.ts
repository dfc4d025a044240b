import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** Presets of Nitro whose output is a Node server: https://nitro.build/deploy/runtimes/node */
const NITRO_NODE_PRESETS = ['node', 'node-listener', 'node-middleware', 'node-server'];

/** Folders in which adapters leave what runs elsewhere than on Node, and the setting that leaves a Node server. */
const EDGE_OUTPUTS: { file: string; made: string; fix: string }[] = [
  { file: '_worker.js', made: 'a build for Cloudflare', fix: 'use the Node adapter of the framework (Astro: @astrojs/node with mode: \'standalone\', SvelteKit: @sveltejs/adapter-node)' },
  { file: 'edge-functions', made: 'a build for the edge', fix: 'use the Node adapter of the framework' },
];

/** Throws if the folder holds a build that is not for a Node server, even if the file of the entry is there. */
export function refuseOtherBuilds(at: string, folder: string): void {
  const nitro = readJson(path.join(folder, 'nitro.json')) ?? readJson(path.join(folder, '../nitro.json'));
  const preset = typeof nitro?.preset === 'string' ? nitro.preset.replace(/_/g, '-') : undefined;
  if (preset !== undefined && !NITRO_NODE_PRESETS.includes(preset)) {
    const made = preset === 'static' || preset === 'github-pages' ? 'static files and no server' : preset === 'nitro-dev' ? 'a development build' : 'no Node server';
    throw new Error(`${at}: ${folder} was built with the preset ${JSON.stringify(nitro!.preset)}, which makes ${made}; `
      + "set nitro: { preset: 'node-server' } in nuxt.config.ts (or preset in the config of Nitro), and run the build again");
  }
  for (const { file, made, fix } of EDGE_OUTPUTS) {
    if (existsSync(path.join(folder, file))) throw new Error(`${at}: ${folder} holds ${made} (${file}), not a Node server; ${fix}, and run the build again`);
  }
}

/** Why there is no such folder, by what the framework left beside it. */
export function explainMissingFolder(given: string, folder: string): string {
  if (path.basename(folder) === 'standalone') return explainNextBuild(given, path.dirname(folder));
  if (path.basename(folder) === '.output') return `the server folder ${given} does not exist; run: npx nuxt build (it is looked up as ${folder})`;
  return `the server folder ${given} does not exist; run the build of the framework first, or correct the path: it is looked up from the working directory, as ${folder}`;
}

/** https://nextjs.org/docs/app/api-reference/config/next-config-js/output */
function explainNextBuild(given: string, build: string): string {
  const standalone = "set output: 'standalone' in next.config.js, and run: npx next build";
  if (!existsSync(build)) return `the server folder ${given} does not exist, because nothing is built; ${standalone} (it is looked up as ${path.join(build, 'standalone')})`;
  if (existsSync(path.join(build, 'export-detail.json')) || outputOf(build) === 'export') {
    return `the server folder ${given} does not exist, because next.config.js sets output: 'export', which makes static files and no server; ${standalone}`;
  }
  if (!existsSync(path.join(build, 'BUILD_ID'))) return `the server folder ${given} does not exist, because ${build} holds a development build of Next; ${standalone}`;
  return `the server folder ${given} does not exist, because Next was built without it; ${standalone}`;
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
  if (holds('BUILD_ID') || holds('.next/BUILD_ID')) return `${missing}: it is a build of Next without a server; set output: 'standalone' in next.config.js, and run: npx next build`;
  const others = filesNamed(path.basename(entry), folder, 4);
  if (others.length > 0) return `${missing}; there is ${others.join(', ')}: use it as entry`;
  if (holds('index.html') || holds('client/index.html')) {
    return `${missing}: it holds static files only (index.html); build a Node server instead (Next: output: 'standalone', Nuxt: nuxt build, SvelteKit: @sveltejs/adapter-node, `
      + "Astro: output: 'server' and @astrojs/node, React Router: ssr: true), or serve the files from a bucket";
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

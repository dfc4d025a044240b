import { Server } from 'node:http';
import { CaughtServers } from './catch-listen';
import { USABLE, WebApp, toWebApp } from './web-app';

/** The user's module, and what to call it in messages. */
export interface LoadedModule {
  readonly exports: Record<string, unknown>;
  /** The entry as the user wrote it, such as `src/app.ts`. */
  readonly file: string;
  /** The export that the user named; otherwise the usual names are tried. */
  readonly exportName?: string;
}

/** Where apps are looked for, in this order, when the user names no export. */
const USUAL_EXPORTS = ['default', 'app', 'server', 'api', 'listener'];

/** Finds the app in a module that has been loaded: what it exports, else the server that it starts. */
export async function loadApp(module: LoadedModule, caught: CaughtServers): Promise<WebApp> {
  const exported = exportsOf(module);
  if (module.exportName !== undefined) {
    const app = await toWebApp(exported.get(module.exportName));
    if (app === undefined) {
      throw new Error(`${module.file}: the export ${module.exportName} is no app, ${found(exported)}; export ${USABLE}`);
    }
    return app;
  }
  for (const name of USUAL_EXPORTS) {
    const value = exported.get(name);
    if (caught.byAddress.size > 0 && typeof value === 'function' && value.length === 0 && !('handle' in value)) {
      // `export default function main() {…} main();`: the app has run already, calling it again would start it twice.
      continue;
    }
    const app = await toWebApp(value);
    if (app !== undefined) {
      return app;
    }
  }
  const fetch = exported.get('fetch');
  if (typeof fetch === 'function') {
    return (await toWebApp({ fetch }))!;
  }
  return (await toWebApp(await startedServer(module, exported, caught)))!;
}

/** The exports by name; those of a CommonJS module are the properties of its default export. */
function exportsOf({ exports }: LoadedModule): Map<string, any> {
  const { default: main } = exports;
  const inner = typeof main === 'object' && main !== null && Object.getPrototypeOf(main) === Object.prototype ? Object.entries(main) : [];
  const exported = new Map([...inner, ...Object.entries(exports)]);
  if (inner.some(([name]) => name === 'default')) {
    // `exports.default = app`
    exported.set('default', (main as { default: unknown }).default);
  }
  return exported;
}

/** Waits for an app that exports nothing to call `listen()`, which may be long after its module was loaded. */
async function startedServer(module: LoadedModule, exported: Map<string, unknown>, caught: CaughtServers): Promise<Server> {
  const nothing = new Error(`${module.file}: no app was found, ${found(exported)}, and it started no HTTP server; export ${USABLE}, or call listen()`);
  let onIdle: () => void;
  const idle = new Promise<never>((_, reject) => {
    onIdle = () => reject(nothing);
  });
  // Emitted when nothing is left that could ever call listen().
  process.once('beforeExit', onIdle!);
  try {
    const server = await Promise.race([caught.first, idle]);
    if (caught.byAddress.size > 1) {
      const addresses = [...caught.byAddress.keys()].join(', ');
      throw new Error(`${module.file}: started ${caught.byAddress.size} servers (${addresses}), and only one can be behind a front door; export the one to serve`);
    }
    return server;
  } finally {
    process.off('beforeExit', onIdle!);
  }
}

function found(exported: Map<string, unknown>): string {
  if (exported.size === 0) {
    return 'it exports nothing';
  }
  const shapes = [...exported].map(([name, value]) => `${name} (${value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value})`);
  return `it exports ${shapes.join(', ')}`;
}

import { Server } from 'node:http';
import { CaughtServers } from './catch-listen';
import { ACCEPTED_APPS, WebApp, toWebApp } from './web-app';
import { log } from '../invocations/log';

/** The user's module, and its name for error messages. */
export interface LoadedModule {
  readonly exports: Record<string, unknown>;
  /** The entry as the user wrote it, such as `src/app.ts`. */
  readonly file: string;
  /** The export that the user named. Without it, `USUAL_EXPORTS` are tried. */
  readonly exportName?: string;
  /** Whether the module is run as a program, so that the server that it has started is the app, whatever it exports. */
  readonly isProgram?: boolean;
}

/** Names of exports that may be the app, in the order in which they are tried. */
const USUAL_EXPORTS = ['default', 'app', 'server', 'api', 'listener'];

/** Finds the app of a loaded module: one of its exports, or else the server that it starts. */
export async function loadApp(module: LoadedModule, caught: CaughtServers): Promise<WebApp> {
  const exported = exportsOf(module);
  if (module.exportName !== undefined) {
    const app = await toWebApp(exported.get(module.exportName));
    if (app === undefined) {
      throw new Error(`${module.file}: the export ${module.exportName} is not an app, ${describeExports(exported)}; export ${ACCEPTED_APPS}`);
    }
    return app;
  }
  if (module.isProgram && (caught.byAddress.size === 1 || caught.byAddress.has(Number(process.env.PORT)))) {
    return (await toWebApp(await startedServer(module, exported, caught)))!;
  }
  for (const name of USUAL_EXPORTS) {
    const value = exported.get(name);
    if (caught.byAddress.size > 0 && typeof value === 'function' && value.length === 0 && !('handle' in value)) {
      // `export default function main() {…} main();`: the app is already running, and another call would start it twice.
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

/** The exports by name. The exports of a CommonJS module are the properties of its default export. */
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

/** Waits until the app calls `listen()`, which may be long after its module was loaded. */
async function startedServer(module: LoadedModule, exported: Map<string, unknown>, caught: CaughtServers): Promise<Server> {
  const notFound = new Error(`${module.file}: no app was found, ${describeExports(exported)}, and it started no HTTP server; export ${ACCEPTED_APPS}, or call listen()`);
  let onIdle: () => void;
  const idle = new Promise<never>((_, reject) => {
    onIdle = () => reject(notFound);
  });
  // Emitted when the event loop is empty, so that nothing can call listen() any more.
  process.once('beforeExit', onIdle!);
  try {
    const first = await Promise.race([caught.first, idle]);
    const onPort = caught.byAddress.get(Number(process.env.PORT));
    if (caught.byAddress.size > 1 && onPort === undefined) {
      const addresses = [...caught.byAddress.keys()].join(', ');
      throw new Error(`${module.file}: started ${caught.byAddress.size} servers (${addresses}), but a front door needs exactly one; `
        + 'export the server to use, or set the environment variable PORT to its port');
    }
    caught.onLate = (address) => log('warn', `${module.file} started another server later, at ${address}, which gets no requests; `
      + 'export the server to use, or set the environment variable PORT to its port and start it first');
    return onPort ?? first;
  } finally {
    process.off('beforeExit', onIdle!);
  }
}

function describeExports(exported: Map<string, unknown>): string {
  if (exported.size === 0) {
    return 'it exports nothing';
  }
  const shapes = [...exported].map(([name, value]) => `${name} (${value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value})`);
  return `it exports ${shapes.join(', ')}`;
}

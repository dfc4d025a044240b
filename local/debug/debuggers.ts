import { spawnSync } from 'node:child_process';
import { DebuggerPort } from './debugger-port';
import { WebAppFunction } from '../assembly/web-app-functions';

/** The first ports at which functions can be debugged; each further app has the next one. */
export interface DebugOptions {
  /** For Node, with the inspector protocol. */
  readonly inspect?: number;
  /** For Python, with debugpy. */
  readonly debugpy?: number;
}

/** The ports at which the apps can be debugged, by the construct path of the function, which stay when an app is replaced. */
export class Debuggers {
  private readonly ports = new Map<string, DebuggerPort>();
  private readonly kinds = new Map<string, keyof DebugOptions>();

  constructor(private readonly options: DebugOptions) {}

  /** Opens the port of an app, if apps in its language are debugged, and it has none yet. */
  async open(webApps: Iterable<WebAppFunction>): Promise<void> {
    for (const webApp of webApps) {
      const first = this.options[kindOf(webApp)];
      if (first === undefined || this.ports.has(webApp.path)) continue;
      const others = [...this.ports.keys()].filter((path) => this.kinds.get(path) === kindOf(webApp)).length;
      const port = first === 0 ? 0 : first + others;
      this.ports.set(webApp.path, await DebuggerPort.open(port, `the debugger of ${webApp.appPath}`));
      this.kinds.set(webApp.path, kindOf(webApp));
    }
  }

  portOf(webApp: WebAppFunction): DebuggerPort | undefined {
    return this.ports.get(webApp.path);
  }

  /** All ports, with what the user calls them. */
  list(): readonly { readonly kind: keyof DebugOptions; readonly path: string; readonly address: string }[] {
    return [...this.ports].map(([path, { port }]) => ({ kind: this.kinds.get(path)!, path: path.replace(/\/Handler$/, ''), address: `127.0.0.1:${port}` }));
  }

  close(): void {
    this.ports.forEach((port) => port.close());
  }
}

export function kindOf({ runtime }: WebAppFunction): keyof DebugOptions {
  return runtime.startsWith('python') ? 'debugpy' : 'inspect';
}

/**
 * Returns the arguments of the interpreter that make a process listen for a debugger.
 *
 * @throws when debugpy is not installed
 */
export function debuggerArguments(webApp: WebAppFunction, interpreter: string, port: number): string[] {
  if (kindOf(webApp) === 'inspect') return [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'];
  if (spawnSync(interpreter, ['-c', 'import debugpy'], { env: process.env }).status !== 0) {
    throw new Error(`${webApp.appPath}: --debugpy needs the package debugpy, which ${interpreter} does not have; run: ${interpreter} -m pip install debugpy`);
  }
  // Frozen modules of the standard library are only a warning here, and one in every log.
  return ['-Xfrozen_modules=off', '-m', 'debugpy', '--listen', `127.0.0.1:${port}`];
}

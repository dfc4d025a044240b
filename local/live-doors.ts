import { DoorServer, DoorServerOptions, DoorTarget } from './door-server';
import { FrontDoor } from './front-doors/front-door';
import { PreparedApps } from './prepared-apps';
import { ReportedDoor } from './report/report';

/** A door that is served on this machine. */
export type ServedDoor = ReportedDoor;

export interface LiveDoorsOptions extends Pick<DoorServerOptions, 'host' | 'hosts' | 'onRefused'> {
  /** The port of the first door; the others follow. 0 for any free ports. */
  readonly portBase: number;
  record(door: FrontDoor, serverUrl: string, ...request: Parameters<DoorServerOptions['record']>): ReturnType<DoorServerOptions['record']>;
  report(door: FrontDoor, ...request: Parameters<DoorServerOptions['report']>): ReturnType<DoorServerOptions['report']>;
}

/** The servers of all doors. A door keeps its port when the apps are prepared anew. */
export class LiveDoors {
  private readonly servers = new Map<string, DoorServer>();
  private served: readonly ServedDoor[] = [];
  private nextPort: number;

  constructor(private readonly options: LiveDoorsOptions) {
    this.nextPort = options.portBase;
  }

  get doors(): readonly ServedDoor[] {
    return this.served;
  }

  /** Returns a port that no door has. */
  takePort(): number {
    return this.options.portBase === 0 ? 0 : this.nextPort++;
  }

  /**
   * Serves the doors of these apps in place of those that were served before.
   *
   * @throws when a port is taken
   */
  async serve(apps: PreparedApps): Promise<void> {
    const kept = new Set<string>();
    const served: ServedDoor[] = [];
    for (const { door, isServed } of apps.doors) {
      // A door that is not served keeps its port free, so that the others have the same ports whichever apps are chosen.
      const key = uniqueKey(door, kept);
      kept.add(key);
      if (!isServed) {
        if (!this.servers.has(key)) this.takePort();
        continue;
      }
      const server = await this.serveDoor(key, door, {
        door,
        invoke: async (webApp, event, listener) => apps.invoke(webApp, event, listener),
        isHeld: (webApp) => apps.isHeld(webApp),
      });
      const url = this.urlOf(server);
      for (const { webApp, path } of door.entrances) {
        if (!apps.isChosen(webApp)) continue;
        const problem = apps.problemOf(webApp);
        served.push({ name: door.name, path: webApp.appPath, url: `${url.slice(0, -1)}${path}`, ...(problem && { problem }) });
      }
    }
    for (const [key, server] of this.servers) {
      if (kept.has(key)) continue;
      server.close();
      this.servers.delete(key);
    }
    this.served = served;
  }

  stop(): void {
    this.servers.forEach((server) => server.stop());
  }

  private async serveDoor(key: string, door: FrontDoor, target: DoorTarget): Promise<DoorServer> {
    const known = this.servers.get(key);
    if (known) {
      known.replace(target);
      return known;
    }
    const { host, hosts, onRefused } = this.options;
    let serverUrl = '';
    const server = await DoorServer.start(target, {
      host,
      hosts,
      onRefused,
      port: this.takePort(),
      record: (request) => this.options.record(door, serverUrl, request),
      report: (request) => this.options.report(door, request),
    });
    serverUrl = this.urlOf(server);
    this.servers.set(key, server);
    return server;
  }

  private urlOf(server: DoorServer): string {
    return `http://${urlHost(this.options.host)}:${server.port}/`;
  }
}

/** Doors have no names of their own: this is the door's kind, the apps behind it, and a number if there are several. */
function uniqueKey(door: FrontDoor, taken: ReadonlySet<string>): string {
  const key = [door.name, ...door.entrances.map(({ webApp, path }) => `${webApp.appPath}${path}`)].join(' ');
  let unique = key;
  for (let number = 2; taken.has(unique); number += 1) unique = `${key} ${number}`;
  return unique;
}

/** A server that listens on all addresses can be reached at the loopback address. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

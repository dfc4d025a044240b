import * as path from 'node:path';
import { DebugOptions, Debuggers } from './debug/debuggers';
import { Hosts } from './hosts';
import { Inspector } from './inspector/inspector';
import { describeCredentials, inheritedVariables } from './lambda/inherited-variables';
import { LiveDoors, ServedDoor, urlHost } from './live-doors';
import { PreparedApps, PrepareOptions } from './prepared-apps';
import { Report } from './report/report';
import { TextReport } from './report/text-report';
import { Terminal } from './terminal';
import { Workspace } from './workspace';

export interface ServeOptions extends Pick<PrepareOptions, 'assembly' | 'names' | 'environmentFile' | 'outputs'> {
  readonly host: string;
  /** The port of the first door; the others follow. 0 for any free ports. */
  readonly portBase: number;
  /** More names under which the doors and the inspector answer. Default: addresses and `localhost` only. */
  readonly allowedHosts?: readonly string[];
  /** Which functions can be debugged. Default: none. */
  readonly debug?: DebugOptions;
  /** Whether functions get the AWS credentials of this process. Default: true. */
  readonly credentials?: boolean;
  readonly terminal: Terminal;
  /** Default: lines for people, on the terminal. */
  readonly report?: Report;
  /** The folder of the bundled runtime clients and the inspector's page. Default: this file's folder. */
  readonly programDirectory?: string;
}

export interface Served {
  readonly doors: readonly ServedDoor[];
  /** The address of the page that shows each exchange. */
  readonly inspectorUrl: string;
  /** Stops all doors and functions. */
  stop(): Promise<void>;
  /**
   * Takes up the cloud assembly as it is now, on the same ports. Requests under way are finished by the functions that got them.
   *
   * @throws when it cannot be served; then everything is as it was
   */
  reload(): Promise<void>;
  /**
   * Runs other code in place of an asset, in the functions that have it, until the next reload.
   *
   * @throws when the code does not load; then everything is as it was
   */
  replaceCode(asset: string, directory: string): Promise<void>;
  /** The folders in the cloud assembly that are served, and the construct paths of the apps that have each. */
  assets(): { readonly asset: string; readonly apps: readonly string[] }[];
  /** Shows an error until it is replaced by an empty text. */
  showProblem(text: string): void;
}

/**
 * Serves wrapped web apps of a synthesized CDK app, each front door on its own port.
 *
 * @throws when no app can be served, or a port is taken
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { host, portBase, terminal, credentials = true, programDirectory = __dirname } = options;
  const { report = new TextReport(terminal) } = options;
  const workspace = Workspace.create();
  const hosts = new Hosts(options.allowedHosts);
  const inspector = new Inspector(path.join(programDirectory, 'inspector.html'), hosts);
  const refused = new Set<string>();
  const liveDoors = new LiveDoors({
    host,
    portBase,
    hosts,
    onRefused: (name) => {
      if (!refused.has(name)) report.notice(`a request to the host '${name}' was refused: to allow it, use --allow-host ${name}`);
      refused.add(name);
    },
    record: (door, serverUrl, request) => inspector.record(door.name, serverUrl, request),
    report: (door, request) => report.request({ door: door.name, ...request }),
  });
  const debuggers = new Debuggers(options.debug ?? {});
  let apps: PreparedApps | undefined;
  let isStopped = false;
  const prepare = async (previous?: PreparedApps): Promise<PreparedApps> => PreparedApps.prepare({
    ...options, programDirectory, workspace, report, debuggers, inherited: inheritedVariables(process.env, credentials), previous,
  });
  const serveDoors = async (prepared: PreparedApps): Promise<void> => {
    await liveDoors.serve(prepared);
    inspector.showDoors(liveDoors.doors);
  };
  const stop = async (): Promise<void> => {
    isStopped = true;
    inspector.stop();
    liveDoors.stop();
    debuggers.close();
    await apps?.stop();
    workspace.remove();
  };

  try {
    apps = await prepare();
    await serveDoors(apps);
    const inspectorUrl = `http://${urlHost(host)}:${await inspector.start(host, liveDoors.takePort())}/`;
    for (const { kind, path: appPath, address } of debuggers.list()) {
      report.notice(`${appPath} can be debugged at ${address}, with ${kind === 'inspect' ? 'a debugger for Node' : 'debugpy'}; it has no time limit while a debugger is attached`);
    }
    for (const message of notices(options, liveDoors.doors.length)) report.notice(message);
    apps.warmUp();
    return {
      get doors() {
        return liveDoors.doors;
      },
      inspectorUrl,
      stop,
      reload: async () => {
        const next = await prepare(apps);
        try {
          await next.loadChanged();
          if (isStopped) throw new Error('the doors were closed');
          await serveDoors(next);
        } catch (error) {
          await next.abandon();
          throw error;
        }
        apps = next;
        next.takeOver();
      },
      replaceCode: async (asset, directory) => apps!.replaceCode(asset, directory),
      assets: () => apps!.assets(),
      showProblem: (text) => inspector.showNotice(text),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function notices({ host, credentials = true }: ServeOptions, doors: number): string[] {
  const source = describeCredentials(process.env);
  const isOpen = !/^(127\.|::1$|localhost$)/.test(host);
  return [
    ...(doors > 0 && credentials && source ? [`functions use your AWS credentials, ${source}; --no-credentials keeps them from functions`] : []),
    ...(isOpen ? [`listening on ${host}: everyone who can reach this machine can use the apps${credentials && source ? ', and through them your AWS credentials' : ''}, `
      + 'and read all requests in the inspector'] : []),
  ];
}

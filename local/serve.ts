import * as path from 'node:path';
import { readCloudAssembly, SynthesizedStack } from './assembly/cloud-assembly';
import { EnvironmentFile } from './assembly/environment-file';
import { findWebAppFunctions, WebAppFunction } from './assembly/web-app-functions';
import { DoorServer } from './door-server';
import { findFrontDoors } from './front-doors/find-front-doors';
import { FrontDoorName } from './front-doors/front-door';
import { Inspector } from './inspector/inspector';
import { LambdaFunction } from './lambda/lambda-function';
import { RuntimeCommands } from './lambda/runtime-commands';
import { Terminal } from './terminal';

export interface ServeOptions {
  /** The folder that `cdk synth` wrote. */
  readonly assembly: string;
  readonly environmentFile: EnvironmentFile;
  readonly host: string;
  /** The port of the first door; the others follow. 0 for any free ports. */
  readonly portBase: number;
  readonly terminal: Terminal;
  /** The folder of the bundled runtime clients and the inspector's page. Default: this file's folder. */
  readonly programDirectory?: string;
}

/** A door that is served on this machine. */
export interface ServedDoor {
  readonly name: FrontDoorName;
  /** The construct path of the web app behind it. */
  readonly path: string;
  readonly url: string;
}

export interface Served {
  readonly doors: readonly ServedDoor[];
  /** The address of the page that shows each exchange. */
  readonly inspectorUrl: string;
  /** Stops all doors and functions. */
  stop(): Promise<void>;
}

/**
 * Serves every wrapped web app of a synthesized CDK app, each front door on its own port.
 *
 * @throws when there is no wrapped web app, or a function's settings cannot be resolved
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { terminal, programDirectory = __dirname } = options;
  const stacks = readCloudAssembly(options.assembly);
  const webApps: WebAppFunction[] = [];
  for (const stack of stacks) webApps.push(...await findWebAppFunctions(stack, options.environmentFile));
  if (webApps.length === 0) throw new Error(renderNothingToServe(options.assembly, stacks));
  const commands = new RuntimeCommands(programDirectory, terminal);
  const functions = new Map(webApps.map((webApp) => [webApp, new LambdaFunction(webApp, terminal, commands.commandFor(webApp))]));
  const inspector = new Inspector(path.join(programDirectory, 'inspector.html'));
  const servers: DoorServer[] = [];
  const doors: ServedDoor[] = [];
  let inspectorUrl: string;
  const stop = async (): Promise<void> => {
    inspector.stop();
    servers.forEach((server) => server.stop());
    await Promise.all([...functions.values()].map(async (lambdaFunction) => lambdaFunction.stop()));
  };

  try {
    let port = options.portBase;
    // A door may be in another stack than its function.
    for (const door of stacks.flatMap(({ template }) => findFrontDoors(template, webApps))) {
      const server = await DoorServer.start(door, {
        host: options.host,
        port,
        invoke: async (webApp, event) => functions.get(webApp)!.invoke(event),
        record: (request) => inspector.record(door, request),
        onReason: (request, answer) => terminal.error(`${door.name}  ${request.method} ${request.target}  ${answer.status}: ${answer.reason}`),
      });
      servers.push(server);
      port = port === 0 ? 0 : server.port + 1;
      for (const { webApp, path: entrance } of door.entrances) {
        doors.push({ name: door.name, path: webApp.appPath, url: `http://${urlHost(options.host)}:${server.port}${entrance}` });
      }
    }
    inspectorUrl = `http://${urlHost(options.host)}:${await inspector.start(options.host, port)}/`;
  } catch (error) {
    await stop();
    throw error;
  }
  for (const message of leftOutOf(stacks)) terminal.error(message);
  functions.forEach((lambdaFunction, webApp) => {
    if (!doors.some((door) => door.path === webApp.appPath)) {
      terminal.error(`${webApp.appPath} has no front door in its template: no Function URL, HTTP API, REST API or load balancer invokes ${webApp.arn}`);
    }
    lambdaFunction.warmUp();
  });
  return { doors, inspectorUrl, stop };
}

function renderNothingToServe(assembly: string, stacks: readonly SynthesizedStack[]): string {
  const paths = stacks.map((stack) => stack.path).join(', ') || 'its stacks (there are none)';
  return [`${assembly} has no wrapped web app: no function with the variable WRAPPED_WEB_APP_DOORS in ${paths}`, ...leftOutOf(stacks)].join('\n');
}

/** The resources that are not served, since values cannot be resolved. */
function leftOutOf(stacks: readonly SynthesizedStack[]): string[] {
  return stacks.flatMap(({ template }) => [...template.leftOut]).map((message) => `left out: ${message}`);
}

/** A server that listens on all addresses can be reached at the loopback address. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

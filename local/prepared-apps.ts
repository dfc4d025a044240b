import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { readCloudAssembly, SynthesizedStack } from './assembly/cloud-assembly';
import { EnvironmentFile } from './assembly/environment-file';
import { StackOutputs } from './assembly/outputs-file';
import { placeCode } from './assembly/place-code';
import { findProjectRoot } from './assembly/project-root';
import { findWebAppFunctions, WebAppFunction } from './assembly/web-app-functions';
import { noticesOf, PreparedDoor, renderNothingToServe } from './assembly-notices';
import { AppInStack, chooseApps } from './choose-apps';
import { Debuggers } from './debug/debuggers';
import { leadToOriginals } from './debug/source-map-paths';
import { freePort } from './free-port';
import { findDistributions } from './front-doors/find-distributions';
import { findFrontDoors } from './front-doors/find-front-doors';
import { InvocationOutcome } from './lambda/invocation-outcome';
import { InvocationListener } from './lambda/lambda-environment';
import { LambdaFunction } from './lambda/lambda-function';
import { RuntimeCommands } from './lambda/runtime-commands';
import { WrittenFiles } from './lambda/written-files';
import { Report } from './report/report';
import { Workspace } from './workspace';

export interface PrepareOptions {
  /** The folder that `cdk synth` wrote. */
  readonly assembly: string;
  /** The construct paths of apps or stacks, or names of stacks. Default: all. */
  readonly names?: readonly string[];
  readonly environmentFile: EnvironmentFile;
  /** Default: nothing is known about deployed stacks. */
  readonly outputs?: StackOutputs;
  /** The variables of the shell that functions get. */
  readonly inherited: NodeJS.ProcessEnv;
  readonly workspace: Workspace;
  readonly report: Report;
  /** The folder of the bundled runtime clients. */
  readonly programDirectory: string;
  /** The ports at which functions can be debugged. */
  readonly debuggers: Debuggers;
  /** The apps that were served before. Functions that have not changed are taken over from them. */
  readonly previous?: PreparedApps;
}

/** More apps than these are loaded at their first requests, since each is a process. */
const MOST_LOADED_AT_START = 12;

/** The web apps of a cloud assembly, ready to be invoked. */
export class PreparedApps {
  /**
   * Reads a cloud assembly and copies the code of its functions. An app with a problem is reported, and its requests fail.
   *
   * @throws when there is no web app without a problem
   */
  static async prepare({ previous, ...options }: PrepareOptions): Promise<PreparedApps> {
    const { stacks, notices } = readCloudAssembly(options.assembly, options.outputs);
    const apps = stacks.flatMap((stack) => findWebAppFunctions(stack, options.environmentFile).map((webApp) => ({ webApp, stack })));
    if (apps.length === 0) throw new Error(renderNothingToServe(options.assembly, stacks));
    const prepared = new PreparedApps(options, stacks, apps, chooseApps(apps, options.names ?? []), previous);
    await options.debuggers.open(prepared.chosen.filter(({ problems }) => problems.length === 0));
    await prepared.prepareFunctions();
    if (!previous) prepared.leadDebuggers();
    const { chosen, doors } = prepared;
    prepared.say([...notices, ...noticesOf({ stacks, doors, chosen, problems: [...prepared.problems.values()], outputs: options.outputs })]);
    return prepared;
  }

  /**
   * All front doors of the cloud assembly, in an order that does not depend on which are chosen and which have a problem.
   * A door may be in another stack than its function.
   */
  readonly doors: readonly PreparedDoor[];

  private readonly functions = new Map<WebAppFunction, LambdaFunction>();
  private readonly problems = new Map<WebAppFunction, string>();
  private readonly commands: RuntimeCommands;
  /** The port at which the process of a function listens for a debugger. */
  private readonly debuggerPorts: Map<LambdaFunction, number>;
  /** Functions whose code is no longer that of their asset. */
  private readonly edited = new Set<LambdaFunction>();
  /** What the user was told. */
  private readonly said = new Set<string>();
  private previous?: PreparedApps;
  /** The folders with code, by asset. */
  private readonly placed = new Map<string, Promise<string>>();

  private constructor(
    private readonly options: Omit<PrepareOptions, 'previous'>,
    stacks: readonly SynthesizedStack[],
    apps: readonly AppInStack[],
    private readonly chosen: readonly WebAppFunction[],
    previous: PreparedApps | undefined,
  ) {
    this.previous = previous;
    this.debuggerPorts = previous?.debuggerPorts ?? new Map();
    this.commands = previous?.commands
      ?? new RuntimeCommands(options.programDirectory, (message) => options.report.notice(message));
    const webApps = apps.map(({ webApp }) => webApp);
    const doors = stacks.flatMap(({ template }) => findFrontDoors(template, webApps).map((door) => ({ door, template })));
    const distributions = findDistributions(stacks, doors.map(({ door }) => door));
    this.doors = [...doors, ...distributions].map((each) => (
      { ...each, isServed: each.door.entrances.some(({ webApp }) => chosen.includes(webApp)) }));
  }

  /** Whether an app is one of those that were chosen. */
  isChosen(webApp: WebAppFunction): boolean {
    return this.chosen.includes(webApp);
  }

  /** Why an app cannot be invoked, undefined if it can. */
  problemOf(webApp: WebAppFunction): string | undefined {
    return this.problems.get(webApp);
  }

  async invoke(webApp: WebAppFunction, event: object, listener: InvocationListener): Promise<InvocationOutcome> {
    const lambdaFunction = this.functions.get(webApp);
    if (lambdaFunction) return lambdaFunction.invoke(event, listener);
    const problem = this.problemOf(webApp) ?? `${webApp.appPath} was not chosen when the command was started`;
    return { kind: 'error', errorType: 'NotServed', errorMessage: problem.split('\n')[0] };
  }

  /** Loads the functions before their first requests, so that errors are shown immediately. */
  warmUp(): void {
    const waiting = [...this.functions.values()];
    if (waiting.length > MOST_LOADED_AT_START) {
      this.options.report.notice(`${waiting.length} apps are served: each is loaded at its first request; choose some by name to have them loaded at once`);
      return;
    }
    const loadNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next.warmUp();
    };
    for (let lane = 0; lane < availableParallelism(); lane += 1) void loadNext();
  }

  /** Ends the functions that were started in vain. The apps before go on. */
  async abandon(): Promise<void> {
    const ofBefore = new Set(this.previous?.functions.values());
    await Promise.all([...this.functions.values()].filter((started) => !ofBefore.has(started)).map(async (started) => started.stop()));
  }

  /** Whether a debugger is attached to an app. */
  isHeld(webApp: WebAppFunction): boolean {
    return this.options.debuggers.portOf(webApp)?.isAttached ?? false;
  }

  /** Leads debuggers to the processes that take requests now. */
  private leadDebuggers(): void {
    for (const [webApp, lambdaFunction] of this.functions) this.options.debuggers.portOf(webApp)?.leadTo(this.debuggerPorts.get(lambdaFunction));
  }

  /** Loads the functions that have changed. One that does not load is left as it was before. */
  async loadChanged(): Promise<void> {
    for (const [webApp, lambdaFunction] of this.functions) {
      const before = this.previous?.functionAt(webApp.path);
      if (!before || before === lambdaFunction || await lambdaFunction.warmUp()) continue;
      await lambdaFunction.stop();
      this.functions.set(webApp, before);
      this.edited.add(before);
      this.options.report.notice(`${webApp.appPath}: the change does not load; what was there before is still served`);
    }
  }

  /** Ends the functions of the apps before that are no longer needed, each when it has finished its work. */
  takeOver(): void {
    const kept = new Set(this.functions.values());
    void this.retire([...this.previous?.functions.values() ?? []].filter((lambdaFunction) => !kept.has(lambdaFunction)));
    this.previous = undefined;
    this.leadDebuggers();
  }

  /**
   * Runs other code in place of an asset, in all functions that have it.
   *
   * @throws when one of them does not load; then all are as they were
   */
  async replaceCode(asset: string, directory: string): Promise<void> {
    const affected = [...this.functions].filter(([{ code }]) => code?.kind === 'folder' && code.path === asset);
    if (affected.length === 0) return;
    const [[{ handler }]] = affected;
    const folder = this.options.workspace.folderFor(asset, findProjectRoot(asset, handler, this.options.assembly));
    await placeCode({ kind: 'folder', path: directory }, folder);
    const replaced = await Promise.all(affected.map(async ([webApp, before]) => {
      const after = await this.makeFunction(webApp, folder);
      return { webApp, before, after };
    }));
    const loaded = await Promise.all(replaced.map(async ({ after }) => after.warmUp()));
    if (loaded.includes(false)) {
      await Promise.all(replaced.map(async ({ after }) => after.stop()));
      const names = replaced.filter((_, index) => !loaded[index]).map(({ webApp }) => webApp.appPath);
      throw new Error(`${names.join(', ')}: the change does not load; what was there before is still served`);
    }
    for (const { webApp, after } of replaced) {
      this.functions.set(webApp, after);
      this.edited.add(after);
    }
    this.leadDebuggers();
    void this.retire(replaced.map(({ before }) => before));
  }

  /** Ends functions that are replaced, when they have finished their work, and removes the copies of their code. */
  private async retire(functions: readonly LambdaFunction[]): Promise<void> {
    await Promise.all(functions.map(async (lambdaFunction) => lambdaFunction.drain()));
    const inUse = new Set([...this.functions.values()].map((lambdaFunction) => lambdaFunction.codeDirectory));
    for (const folder of new Set(functions.map(({ codeDirectory }) => codeDirectory))) {
      if (!inUse.has(folder)) this.options.workspace.discard(folder);
    }
  }

  /** What the user was told of the apps before is not said again. */
  private say(messages: readonly string[]): void {
    for (const message of messages) {
      if (!this.previous?.said.has(message)) this.options.report.notice(message);
      this.said.add(message);
    }
  }

  /** The folders with code, and the apps that have each. */
  assets(): { readonly asset: string; readonly apps: readonly string[] }[] {
    const apps = new Map<string, string[]>();
    for (const { code, appPath } of this.functions.keys()) {
      if (code?.kind === 'folder') apps.set(code.path, [...apps.get(code.path) ?? [], appPath]);
    }
    return [...apps].map(([asset, paths]) => ({ asset, apps: paths }));
  }

  private functionAt(constructPath: string): LambdaFunction | undefined {
    return [...this.functions].find(([webApp]) => webApp.path === constructPath)?.[1];
  }

  /** The function of the apps before, if nothing has changed that it depends on. */
  private unchangedFunction(webApp: WebAppFunction): LambdaFunction | undefined {
    const { previous } = this;
    const same = [...previous?.functions ?? []].find(([before]) => JSON.stringify(before) === JSON.stringify(webApp));
    return same && !previous!.edited.has(same[1]) ? same[1] : undefined;
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    await Promise.all([...this.functions.values()].map(async (lambdaFunction) => lambdaFunction.stop()));
  }

  private async prepareFunctions(): Promise<void> {
    for (const webApp of this.chosen) {
      try {
        if (webApp.problems.length > 0) throw new Error(webApp.problems.join('\n'));
        this.functions.set(webApp, this.unchangedFunction(webApp) ?? await this.makeFunction(webApp, await this.placeCode(webApp)));
      } catch (error) {
        this.problems.set(webApp, (error as Error).message);
      }
    }
    if (this.functions.size === 0) throw new Error([...this.problems.values()].join('\n'));
  }

  private async makeFunction(webApp: WebAppFunction, codeDirectory: string): Promise<LambdaFunction> {
    const { report, workspace, inherited, debuggers } = this.options;
    const debuggerPort = debuggers.portOf(webApp) ? await freePort() : undefined;
    if (debuggerPort !== undefined) leadToOriginals(codeDirectory, workspace);
    const written = new WrittenFiles(codeDirectory, (file) => report.outsideOfRequests(webApp.appPath,
      `its code was written to, at ${file}: on Lambda the code is read-only, and this fails; write to the folder for temporary files instead`));
    const lambdaFunction = new LambdaFunction({
      webApp,
      codeDirectory,
      inherited,
      command: this.commands.commandFor(webApp, codeDirectory, debuggerPort),
      // One process, so that it is the one that the debugger is attached to.
      ...(debuggerPort !== undefined && { maxEnvironments: 1, isHeld: () => this.isHeld(webApp) }),
      log: (line) => report.outsideOfRequests(webApp.appPath, line),
      rewriteLine: (line) => workspace.showOriginals(line),
    }, process.getuid?.() === 0 ? () => written.lookSoon() : undefined);
    if (debuggerPort !== undefined) this.debuggerPorts.set(lambdaFunction, debuggerPort);
    return lambdaFunction;
  }

  private async placeCode({ code, handler }: WebAppFunction): Promise<string> {
    const { workspace, assembly } = this.options;
    const asset = code!.kind === 'inline' ? code!.text : code!.path;
    const known = this.placed.get(asset);
    if (known) return known;
    const directory = code!.kind === 'inline' ? workspace.folderFor(path.resolve(assembly)) : workspace.folderFor(code!.path, findProjectRoot(code!.path, handler, assembly));
    const placing = placeCode(code!, directory).then(() => directory);
    this.placed.set(asset, placing);
    return placing;
  }
}

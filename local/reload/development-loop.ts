import * as fs from 'node:fs';
import * as path from 'node:path';
import { AssemblyWatcher } from './assembly-watcher';
import { CdkProject } from './cdk-project';
import { PythonOverlay } from './python-overlay';
import { Rebuilder } from './rebuilder';
import { SourceWatcher } from './source-watcher';
import { WatchedApp } from './watched-app';
import { Report } from '../report/report';
import { Served } from '../serve';
import { Workspace } from '../workspace';

export interface DevelopmentLoopOptions {
  readonly assembly: string;
  readonly served: Pick<Served, 'reload' | 'replaceCode' | 'showProblem' | 'assets'>;
  readonly report: Pick<Report, 'notice'>;
  /** Absent if sources are not watched: then only a new cloud assembly is picked up. */
  readonly sources?: { readonly rebuildProgram: string };
}

/** Takes up what changes while the doors are served, one thing after the other. What fails leaves the doors as they were. */
export class DevelopmentLoop {
  private readonly assemblyWatcher: AssemblyWatcher;
  private readonly workspace = Workspace.create();
  private readonly project: CdkProject | undefined;
  private readonly rebuilder?: Rebuilder;
  private readonly sourceWatcher?: SourceWatcher;
  private apps: readonly WatchedApp[] = [];
  private readonly overlays = new Map<WatchedApp, PythonOverlay>();
  private readonly problems = new Map<string, string>();
  private assemblyChanged = false;
  private stackChanged = false;
  private isBusy = false;
  private isStopped = false;
  private folders = 0;
  private synthesizedAt = 0;

  constructor(private readonly options: DevelopmentLoopOptions) {
    const { assembly, sources, report } = options;
    this.project = CdkProject.find(assembly);
    this.assemblyWatcher = new AssemblyWatcher(assembly, () => {
      this.assemblyChanged = true;
      void this.work();
    });
    if (!sources) return;
    this.rebuilder = new Rebuilder(sources.rebuildProgram);
    this.sourceWatcher = new SourceWatcher([assembly, this.workspace.directory], (file, modifiedAt) => this.onEdit(file, modifiedAt));
    if (!this.project) report.notice(`there is no cdk.json beside ${assembly}: stacks are not watched; run cdk synth after you have edited one`);
    this.readApps();
    this.rebuilder.start();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.assemblyWatcher.stop();
    this.rebuilder?.stop();
    this.project?.kill();
    await this.sourceWatcher?.stop();
    this.workspace.remove();
  }

  /** The apps of the cloud assembly, and where their sources are. */
  private readApps(): void {
    if (!this.sourceWatcher) return;
    this.overlays.clear();
    this.synthesizedAt = fs.statSync(path.join(this.options.assembly, 'manifest.json')).mtimeMs;
    this.apps = this.options.served.assets().flatMap(({ asset, apps }) => {
      const app = WatchedApp.of(asset, apps);
      if (!app) this.options.report.notice(`${apps.join(', ')}: an edit of its sources is not seen, since other tools build it; build it, and run cdk synth`);
      return app ?? [];
    });
    this.watchSources();
  }

  private watchSources(): void {
    this.sourceWatcher!.watch([
      ...(this.project ? [this.project.directory] : []),
      ...this.apps.flatMap((app) => [app.record.root, ...app.sourcesElsewhere]),
    ]);
  }

  /** @param modifiedAt of a file that was there before it was watched */
  private onEdit(file: string, modifiedAt: number | undefined): void {
    const isMain = this.project?.isMainFile(file) ?? false;
    const owners = isMain ? [] : this.apps.filter((app) => app.owns(file));
    for (const app of owners) {
      if (modifiedAt === undefined || modifiedAt > app.bundledAt) app.edited.add(file);
    }
    const isNewer = modifiedAt === undefined || modifiedAt > this.synthesizedAt;
    if (owners.length === 0 && isNewer && (isMain || this.project?.isStackFile(file))) this.stackChanged = true;
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (!this.isStopped && await this.takeNext());
    } finally {
      this.isBusy = false;
    }
  }

  /** Returns whether there was something to do. */
  private async takeNext(): Promise<boolean> {
    const app = this.apps.find(({ edited }) => edited.size > 0);
    if (app) {
      const files = [...app.edited];
      app.edited.clear();
      await this.attempt(app.appPaths.join(', '), async () => this.rebuild(app, files));
    } else if (this.assemblyChanged) {
      this.assemblyChanged = false;
      await this.attempt('cdk.out', async () => this.reload());
    } else if (this.stackChanged) {
      this.stackChanged = false;
      await this.attempt('stack', async () => this.synthesize());
    } else {
      return false;
    }
    return true;
  }

  /** Shows why something failed, until it succeeds. */
  private async attempt(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
      this.problems.delete(what);
    } catch (error) {
      if (this.isStopped) return;
      this.problems.set(what, (error as Error).message);
      this.options.report.notice((error as Error).message);
    }
    this.options.served.showProblem([...this.problems.values()].join('\n\n'));
  }

  private async rebuild(app: WatchedApp, files: readonly string[]): Promise<void> {
    const began = Date.now();
    try {
      const overlay = app.record.kind === 'python' && !files.some((file) => app.changesPackages(file)) ? this.overlayOf(app, app.asset) : undefined;
      if (overlay) {
        if (!overlay.apply(files)) return;
        await this.options.served.replaceCode(app.asset, overlay.directory);
      } else {
        const folder = this.newFolder();
        const bundle = await this.rebuilder!.rebuild(app.record, folder);
        if (app.record.kind === 'python') this.overlayOf(app, bundle, true);
        app.failed = false;
        // An edit that changes nothing in the bundle, such as that of a type.
        if (path.basename(bundle) === app.bundle) return;
        await this.options.served.replaceCode(app.asset, bundle);
        app.bundle = path.basename(bundle);
        app.readSources(bundle);
        this.watchSources();
        fs.rmSync(folder, { recursive: true, force: true });
      }
      app.failed = false;
    } catch (error) {
      app.failed = true;
      throw error;
    }
    this.options.report.notice(`${app.appPaths.join(', ')}: picked up ${describe(files)} in ${((Date.now() - began) / 1000).toFixed(2)} s`);
  }

  private overlayOf(app: WatchedApp, bundle: string, isNew = false): PythonOverlay {
    const known = isNew ? undefined : this.overlays.get(app);
    const overlay = known ?? new PythonOverlay(app, bundle, this.newFolder());
    this.overlays.set(app, overlay);
    return overlay;
  }

  private async reload(): Promise<void> {
    const began = Date.now();
    await this.options.served.reload();
    this.readApps();
    this.options.report.notice(`picked up ${path.basename(this.options.assembly)} as it is now in ${((Date.now() - began) / 1000).toFixed(2)} s`);
  }

  private async synthesize(): Promise<void> {
    this.options.report.notice('the stack was edited: running cdk synth');
    await this.project!.synthesize();
    this.assemblyChanged = true;
  }

  private newFolder(): string {
    this.folders += 1;
    const folder = path.join(this.workspace.directory, String(this.folders));
    fs.mkdirSync(folder);
    return folder;
  }
}

function describe(files: readonly string[]): string {
  const [first, ...others] = files.map((file) => path.relative(process.cwd(), file));
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

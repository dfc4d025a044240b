import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AppSource, NodeAppOptions, ServerAppOptions, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { scratchFolder } from '../synthesis';

/** A project of a user, in a new folder outside of this repository. */
export class Project {
  public readonly root = scratchFolder();

  /** @param files the text of each file, by its path; an object is written as JSON */
  constructor(files: { [file: string]: string | object }) {
    for (const [file, content] of Object.entries(files)) this.write(file, content);
  }

  public write(file: string, content: string | object): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), typeof content === 'string' ? content : JSON.stringify(content));
  }

  public path(file: string): string {
    return path.join(this.root, file);
  }

  /** Synthesizes a stack with one app. */
  public bundle(entry: string, options: NodeAppOptions = {}, props: Partial<WrappedWebAppProps> = {}): Bundle {
    return this.bundles([{ entry, options, props }])[0];
  }

  /** Synthesizes a stack with several apps. */
  public bundles(apps: { entry: string; options?: NodeAppOptions; props?: Partial<WrappedWebAppProps> }[]): Bundle[] {
    return this.synthesize(apps.map(({ entry, options, props }) => ({ entry: AppSource.node(this.path(entry), options), ...props })));
  }

  /** Synthesizes a stack with a built server. */
  public server(folder: string, options: ServerAppOptions, props: Partial<WrappedWebAppProps> = {}): Bundle {
    return this.synthesize([{ entry: AppSource.server(this.path(folder), options), ...props }])[0];
  }

  private synthesize(apps: WrappedWebAppProps[]): Bundle[] {
    const app = new cdk.App({ outdir: scratchFolder() });
    const stack = new cdk.Stack(app, 'Stack');
    const webs = apps.map((props, index) => new WrappedWebApp(stack, `Web${index || ''}`, props));
    const assembly = app.synth();
    const { Resources } = assembly.getStackByName('Stack').template;
    return webs.map(web => {
      const { Properties } = Resources[stack.getLogicalId(web.handler.node.defaultChild as cdk.CfnElement)];
      const hash = path.parse(Properties.Code.S3Key).name;
      const folder = path.join(assembly.directory, `asset.${hash}`);
      if (existsSync(folder)) return new Bundle(hash, folder, Properties.Handler);
      // A zip is made of the folder beside it.
      const [listing] = readdirSync(assembly.directory).filter(name => name.endsWith('.contents.json'));
      return new Bundle(hash, path.join(assembly.directory, listing.replace('.contents.json', '')), Properties.Handler, `${folder}.zip`);
    });
  }
}

/** The bundle that would be uploaded. */
export class Bundle {
  /**
   * @param directory the folder of the asset
   * @param archive the zip that is uploaded, if it is one that the construct made
   */
  constructor(public readonly hash: string, public readonly directory: string, public readonly handler: string, public readonly archive = '') {}

  public read(file: string): string {
    return readFileSync(path.join(this.directory, file), 'utf8');
  }

  /** Loads the bundle as Lambda does, and returns what the app wrote with `say`. Most of these apps serve nothing, and the error is ignored. */
  public load(file: string): any {
    return this.run(file, `process.on('unhandledRejection', () => undefined);
      await import(${JSON.stringify(`./${file}`)}).catch(error => console.error(error));`);
  }

  /** Calls the handler of the bundle with the event of a Function URL for a GET of this path, and returns its result. */
  public get(file: string, rawPath: string): any {
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath,
      rawQueryString: '',
      headers: { host: 'abc.lambda-url.us-east-1.on.aws' },
      requestContext: { domainName: 'abc.lambda-url.us-east-1.on.aws', stage: '$default', http: { method: 'GET', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' } },
      isBase64Encoded: false,
    };
    return this.run(file, `const { handler = undefined, ...rest } = await import(${JSON.stringify(`./${file}`)});
      const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 10000 };
      const result = await (await (handler ?? rest.default.handler))(${JSON.stringify(event)}, context);
      process.stdout.write(JSON.stringify(result) + '\\n', () => process.exit());`);
  }

  private run(file: string, program: string): any {
    // An async function, because a flag that makes the program an ES module would apply to the bundle too.
    const child = spawnSync(process.execPath, ['-e', `(async () => { ${program} })()`], {
      cwd: this.directory,
      encoding: 'utf8',
    });
    if (child.status !== 0 || child.stdout === '') throw new Error(`${file} cannot be loaded:\n${child.stderr}`);
    // The runtime may write more lines after it.
    return JSON.parse(child.stdout.split('\n')[0]);
  }
}

/** Code that writes the value of an expression when the app is loaded. */
export function say(expression: string): string {
  return `process.stdout.write(JSON.stringify(${expression}) + '\\n');`;
}

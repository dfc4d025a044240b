import { ICommandHooks } from '../command-hooks';

/** How a Node app is bundled. The options have the same names as in the CDK's `NodejsFunction` and in esbuild. */
export interface NodeAppOptions {
  /**
   * Files and folders that the app reads at run time, e.g. `['public', 'views']`. They are relative to the project root. On Lambda they have
   * the same paths, and the working directory is that root.
   *
   * @default - none: only the code and its imports are uploaded
   */
  readonly assets?: string[];

  /**
   * Files and folders in `assets` that are not uploaded, in the syntax of `.gitignore` and relative to the project root. They are added to
   * the default list: `.env*` (but `.env.example` is uploaded), files with credentials or private keys, `.git*`, caches, and the files of
   * the CDK. A name with `!` in front is taken back from this list, e.g. `!.env.production`.
   *
   * @default - only the default list
   */
  readonly exclude?: string[];

  /**
   * The folder that becomes the root of the asset and the working directory on Lambda, relative to the working directory of the CDK app. In a
   * monorepo, the root of the repository makes assets of several packages possible, e.g. `projectRoot: '.'` with
   * `assets: ['packages/web/views', 'packages/brand/logos']`.
   *
   * @default - the folder of the nearest `package.json` above the entry
   */
  readonly projectRoot?: string;

  /**
   * Whether to minify the code. With the source map the names in stack traces stay readable.
   *
   * @default false
   */
  readonly minify?: boolean;

  /**
   * Whether functions and classes keep their original names if `minify` is set.
   *
   * @default false
   */
  readonly keepNames?: boolean;

  /**
   * Whether to add a source map, so that stack traces show the lines of the sources. It is read only when a stack trace is looked at.
   *
   * @default true
   */
  readonly sourceMap?: boolean;

  /**
   * Whether the source map contains the sources.
   *
   * @default false
   */
  readonly sourcesContent?: boolean;

  /**
   * The JavaScript version of the output, e.g. `node22`.
   *
   * @default - the Node version of the function's runtime
   */
  readonly target?: string;

  /**
   * The module format of the output: `cjs` or `esm`.
   *
   * @default - the format of the entry: `esm` for `.mjs` and `.mts`, with `"type": "module"` in its `package.json`, and if it uses
   * top-level await; else `cjs`
   */
  readonly format?: string;

  /**
   * Modules that are not bundled, because they exist at run time, e.g. in a layer, or `@aws-sdk/*` in the Lambda runtime.
   *
   * @default - none
   */
  readonly externalModules?: string[];

  /**
   * Packages that are installed into the asset instead of being bundled: for Linux and the architecture of the function, in the versions
   * that the entry imports. For packages that have native code or read their own files.
   *
   * The nearest lock file above the entry decides the versions of what they depend on, and whether npm, pnpm or Yarn installs them. Their
   * install scripts run on this machine, and are named; see `ignoreScripts`.
   *
   * @default - none
   */
  readonly nodeModules?: string[];

  /**
   * Whether the install scripts of `nodeModules` are forbidden. A package that downloads or builds its native code in such a script then
   * fails when it is loaded.
   *
   * @default false
   */
  readonly ignoreScripts?: boolean;

  /**
   * Global identifiers, and the constant expressions that replace them.
   *
   * @default - none
   */
  readonly define?: { [key: string]: string };

  /**
   * How files are loaded, by their extension, e.g. `{ '.sql': 'text' }`.
   *
   * @default - the defaults of esbuild
   */
  readonly loader?: { [extension: string]: string };

  /**
   * Text before the output.
   *
   * @default - none
   */
  readonly banner?: string;

  /**
   * Text after the output.
   *
   * @default - none
   */
  readonly footer?: string;

  /**
   * The `tsconfig.json` that is used for every file.
   *
   * @default - for each file the nearest one above it
   */
  readonly tsconfig?: string;

  /**
   * The fields in a `package.json` that name the entry of the package. The first one that exists is used.
   *
   * @default - the default of esbuild for Node: `main`, `module`
   */
  readonly mainFields?: string[];

  /**
   * Custom conditions in the `exports` of a `package.json`, besides those of Node.
   *
   * @default - only those of Node: `node`, `import` or `require`, `default`
   */
  readonly conditions?: string[];

  /**
   * Files whose exports replace global identifiers.
   *
   * @default - none
   */
  readonly inject?: string[];

  /**
   * The character set of the output: `ascii` or `utf8`. V8 loads ASCII faster, but many escapes take longer.
   *
   * @default - `ascii` if the output has few other characters, so that it becomes at most 2 % longer; otherwise `utf8`
   */
  readonly charset?: string;

  /**
   * Other options of esbuild, as on its command line, e.g. `{ '--drop:debugger': true }`.
   *
   * @default - none
   */
  readonly esbuildArgs?: { [flag: string]: string | boolean };

  /**
   * Commands that run before and after bundling, in the project root, e.g. `npm run build:css` before the assets are copied.
   *
   * @default - none
   */
  readonly commandHooks?: ICommandHooks;

  /**
   * Whether to write the metafile of esbuild into the asset, beside the bundle: `app.meta.json`. https://esbuild.github.io/analyze/ shows
   * from it which packages make the bundle large.
   *
   * @default false
   */
  readonly metafile?: boolean;

  /**
   * Whether the asset has V8's code cache of the bundle, so that an environment need not compile it when it starts. How much it saves was
   * measured locally, and not on AWS. For CommonJS bundles on Node 22 and later.
   *
   * The cache is made without running the app: by the Node in the CDK's Docker image of the runtime, else by the Node that runs the CDK if
   * it has the major version and the architecture of the function. V8 uses a cache only in the very build of Node that made it, so
   * an update of the Lambda runtime ends its effect until the next deployment. Each start writes one line to the log, `code cache: used` or
   * `code cache: not used`, with the reason, on the level `DEBUG`.
   *
   * Experimental: a minor version may change it.
   *
   * @default false
   * @experimental
   */
  readonly codeCache?: boolean;

  /**
   * The hash of the asset. The function is deployed only if it changes. For code that changes with every build, such as a build number
   * in `define`.
   *
   * @default - a hash of the contents of the asset
   */
  readonly assetHash?: string;
}

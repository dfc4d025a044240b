/** How a Node app is bundled. The names are those of the CDK's `NodejsFunction`, and of esbuild. */
export interface NodeAppOptions {
  /**
   * Files and folders that the app reads, e.g. `['public', 'views']`: relative to the project root, which is
   * the folder of the nearest `package.json` above the entry. They lie at the same place on Lambda, whose
   * working directory is that root.
   *
   * @default - none: only code and what it imports
   */
  readonly assets?: string[];

  /**
   * Whether to make the code smaller. Names in stack traces stay readable through the source map.
   *
   * @default false
   */
  readonly minify?: boolean;

  /**
   * Keeps the original names of functions and classes when `minify` is set.
   *
   * @default false
   */
  readonly keepNames?: boolean;

  /**
   * Whether to add a source map, so that stack traces name the lines of the sources.
   *
   * @default true
   */
  readonly sourceMap?: boolean;

  /**
   * Whether the source map holds the sources themselves.
   *
   * @default false
   */
  readonly sourcesContent?: boolean;

  /**
   * The JavaScript that the output may use, e.g. `node22`.
   *
   * @default - the Node version of the function's runtime
   */
  readonly target?: string;

  /**
   * The module format of the output: `cjs` or `esm`.
   *
   * @default - that of the entry: `esm` for `.mjs` and `.mts`, for `"type": "module"` in its `package.json`, and where it uses
   * top-level await; else `cjs`
   */
  readonly format?: string;

  /**
   * Modules that are not bundled and must be there at run time, e.g. from a layer, or `@aws-sdk/*` of the Lambda runtime.
   *
   * @default - none
   */
  readonly externalModules?: string[];

  /**
   * Packages that are installed into the asset instead of bundled, with npm, for Linux and the function's
   * architecture, in the versions found from the entry. For packages with native code or with files of their own.
   *
   * @default - none
   */
  readonly nodeModules?: string[];

  /**
   * Global identifiers that are replaced by constant expressions.
   *
   * @default - none
   */
  readonly define?: { [key: string]: string };

  /**
   * What to do with files by their extension, e.g. `{ '.sql': 'text' }`.
   *
   * @default - esbuild's own
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
   * The `tsconfig.json` that counts for every file.
   *
   * @default - for each file the nearest one above it
   */
  readonly tsconfig?: string;

  /**
   * The fields of a package's `package.json` that may name its entry, in order.
   *
   * @default - esbuild's own for Node: `main`, `module`
   */
  readonly mainFields?: string[];

  /**
   * Conditions that count in the `exports` of a `package.json`.
   *
   * @default - esbuild's own for Node
   */
  readonly conditions?: string[];

  /**
   * Files whose exports stand in for global identifiers.
   *
   * @default - none
   */
  readonly inject?: string[];

  /**
   * The output's character set: `ascii` or `utf8`.
   *
   * @default 'utf8'
   */
  readonly charset?: string;

  /**
   * Further options of esbuild, written as on its command line, e.g. `{ '--drop:debugger': true }`.
   *
   * @default - none
   */
  readonly esbuildArgs?: { [flag: string]: string | boolean };
}

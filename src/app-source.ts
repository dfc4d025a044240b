import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bundleNodeApp } from './bundling/node';
import { NodeAppOptions } from './bundling/node-app-options';
import { NODE_ENTRY } from './bundling/node-entry';
import { bundlePythonApp } from './bundling/python';
import { PythonAppOptions } from './bundling/python-app-options';
import { PYTHON_ENTRY } from './bundling/python-entry';
import { pythonStreamingEnvironment } from './bundling/python-streaming';

/** Where the web app comes from, and how it becomes the code of a function. */
export abstract class AppSource {
  /**
   * The runtime of Node apps for which none was chosen.
   *
   * It changes only in a release that says so.
   */
  public static readonly NODE_RUNTIME = lambda.Runtime.NODEJS_24_X;

  /**
   * The runtime of Python apps for which none was chosen.
   *
   * It changes only in a release that says so.
   */
  public static readonly PYTHON_RUNTIME = lambda.Runtime.PYTHON_3_13;

  /**
   * A Node app, bundled into one file with esbuild.
   *
   * @param entry the file that exports the app, or that calls `listen()`: `.ts .tsx .mts .cts .js .mjs .cjs`, relative to the
   * working directory of the CDK app. `src/app.ts:server` means its export `server`.
   * @param options how it is bundled, and which other files travel with it
   */
  public static node(entry: string, options: NodeAppOptions = {}): AppSource {
    return new NodeAppSource(entry, options);
  }

  /**
   * A Python app, WSGI or ASGI, uploaded with its dependencies: those in `requirements.txt`, or in `pyproject.toml` with `uv.lock`.
   * They are installed for the function's Python and architecture by uv or pip, without Docker where the machine has one of them.
   *
   * @param entry the file that has the app as `app`, `application` or `api`, or makes it in `create_app()`, relative to the working
   * directory of the CDK app. `app/main.py:site` means its `site`.
   * @param options where imports start from, and what is left out
   */
  public static python(entry: string, options: PythonAppOptions = {}): AppSource {
    return new PythonAppSource(entry, options);
  }

  /**
   * An app that was built elsewhere, together with the runtime: its code calls `makeLambdaHandler` itself.
   *
   * @param code what is uploaded
   * @param handler the Lambda handler in it, e.g. `index.handler`
   */
  public static prebuilt(code: lambda.Code, handler: string): AppSource {
    return new PrebuiltAppSource(code, handler);
  }

  /**
   * Makes the function's code.
   *
   * @param scope the construct that the app belongs to
   * @param options the function's own settings
   */
  public abstract bind(scope: Construct, options: AppSourceBindOptions): AppSourceConfig;
}

/** What `entry` means: a file name is the source that its extension names. */
export function appSourceOf(scope: Construct, entry: string | AppSource): AppSource {
  if (typeof entry !== 'string') return entry;
  if (NODE_ENTRY.test(entry)) return AppSource.node(entry);
  if (PYTHON_ENTRY.test(entry)) return AppSource.python(entry);
  throw new Error(`${scope.node.path}: entry must be a file that ends in .ts, .tsx, .mts, .cts, .js, .mjs, .cjs or .py, or an AppSource, `
    + `got ${JSON.stringify(entry)}`);
}

/** What an app source is told about the function. */
export interface AppSourceBindOptions {
  /**
   * The runtime that was chosen for the function.
   *
   * @default - the source chooses
   */
  readonly runtime?: lambda.Runtime;

  /** The instruction set of the function. */
  readonly architecture: lambda.Architecture;

  /**
   * Whether responses are sent while the app writes them.
   *
   * @default false
   */
  readonly responseStreaming?: boolean;
}

/** What an app source gives to the function. */
export interface AppSourceConfig {
  /** The code to upload. */
  readonly code: lambda.Code;

  /** The Lambda handler in that code. */
  readonly handler: string;

  /** The runtime that the code is for. */
  readonly runtime: lambda.Runtime;

  /**
   * Environment variables that the code needs. The app's own win.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}

class NodeAppSource extends AppSource {
  constructor(private readonly entry: string, private readonly options: NodeAppOptions) {
    super();
  }

  public bind(scope: Construct, options: AppSourceBindOptions): AppSourceConfig {
    const runtime = options.runtime ?? AppSource.NODE_RUNTIME;
    if (runtime.family !== lambda.RuntimeFamily.NODEJS) {
      throw new Error(`${scope.node.path}: ${this.entry} is a Node app and cannot run on ${runtime.name}; choose a nodejs runtime or drop runtime`);
    }
    return { ...bundleNodeApp(scope, this.entry, this.options, runtime, options.architecture), runtime };
  }
}

class PythonAppSource extends AppSource {
  constructor(private readonly entry: string, private readonly options: PythonAppOptions) {
    super();
  }

  public bind(scope: Construct, options: AppSourceBindOptions): AppSourceConfig {
    const runtime = options.runtime ?? AppSource.PYTHON_RUNTIME;
    if (runtime.family !== lambda.RuntimeFamily.PYTHON) {
      throw new Error(`${scope.node.path}: ${this.entry} is a Python app and cannot run on ${runtime.name}; choose a python runtime or drop runtime`);
    }
    return {
      ...bundlePythonApp(scope, this.entry, this.options, runtime, options.architecture),
      runtime,
      environment: options.responseStreaming ? pythonStreamingEnvironment() : undefined,
    };
  }
}

class PrebuiltAppSource extends AppSource {
  constructor(private readonly code: lambda.Code, private readonly handler: string) {
    super();
  }

  public bind(_scope: Construct, options: AppSourceBindOptions): AppSourceConfig {
    return { code: this.code, handler: this.handler, runtime: options.runtime ?? AppSource.NODE_RUNTIME };
  }
}

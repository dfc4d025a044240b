import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { _ScriptConfig, AppSourceBindOptions, AppSourceConfig } from './app-sources/app-source-config';
import { bindNodeApp, bindNodeScript, NODE_RUNTIME } from './app-sources/node-app';
import { bindPrebuiltApp } from './app-sources/prebuilt-app';
import { bindPythonApp, bindPythonScript, PYTHON_RUNTIME } from './app-sources/python-app';
import { bindServerApp } from './app-sources/server-app';
import { isFolder } from './bundling/file-kinds';
import { NodeAppOptions } from './bundling/node/node-app-options';
import { NODE_ENTRY } from './bundling/node/node-entry';
import { PythonAppOptions } from './bundling/python/python-app-options';
import { PYTHON_ENTRY } from './bundling/python/python-entry';
import { ServerAppOptions } from './bundling/server/server-app-options';

/** Where the web app comes from, and how it becomes the code of a function. */
export abstract class AppSource {
  /**
   * The runtime of a Node app, and of prebuilt code, if the `runtime` of the app is not set.
   *
   * It changes only in a release whose notes say so.
   */
  public static readonly NODE_RUNTIME: lambda.Runtime = NODE_RUNTIME;

  /**
   * The runtime of a Python app if the `runtime` of the app is not set.
   *
   * It changes only in a release whose notes say so.
   */
  public static readonly PYTHON_RUNTIME: lambda.Runtime = PYTHON_RUNTIME;

  /**
   * A Node app, bundled into one file with esbuild.
   *
   * @param entry the file that exports the app or calls `listen()`, with the extension `.ts .tsx .mts .cts .js .mjs` or `.cjs`. It is
   * relative to the working directory of the CDK app. `src/app.ts:server` means the export `server` of that file.
   * @param options how the app is bundled, and which other files are uploaded with it
   */
  public static node(entry: string, options: NodeAppOptions = {}): AppSource {
    return new BuiltInSource(
      (scope, bindOptions) => bindNodeApp(scope, entry, options, bindOptions),
      (scope, script, bindOptions) => bindNodeScript(scope, script, options, bindOptions),
    );
  }

  /**
   * A Node server that is already built, as a framework's build leaves it: `AppSource.server('.next/standalone', { entry: 'server.js' })`.
   *
   * The folder is uploaded as it is, without bundling, and with its links. It becomes the working directory. The server is started as with
   * `node server.js`, with `NODE_ENV=production`, `PORT=3000` and `HOST=0.0.0.0` in its environment; `environment` of the app changes them.
   * Its `listen()` opens no port.
   *
   * @param folder the folder that the framework's build made, e.g. `.next/standalone` or `.output`. It is relative to the working directory of
   * the CDK app.
   * @param options the file that starts the server, and which other files are uploaded with it
   */
  public static server(folder: string, options: ServerAppOptions): AppSource {
    return new BuiltInSource((scope, bindOptions) => bindServerApp(scope, folder, options, bindOptions));
  }

  /**
   * A Python app, WSGI or ASGI, uploaded with its dependencies. They are read from `requirements.txt`, `uv.lock` (also that of a
   * workspace), `pylock.toml`, `poetry.lock` or `Pipfile.lock`, and installed for the Python version and architecture of the function.
   * uv or pip installs them; Docker is used only if the machine has neither.
   *
   * @param entry the file that has the app as `app`, `application` or `api`, or makes it in `create_app()`. It is relative to the working
   * directory of the CDK app. `app/main.py:site` means the name `site` in that file.
   * @param options the folder that imports start from, which files are not uploaded, and which dependencies are installed
   */
  public static python(entry: string, options: PythonAppOptions = {}): AppSource {
    return new BuiltInSource(
      (scope, bindOptions) => bindPythonApp(scope, entry, options, bindOptions),
      (scope, script) => bindPythonScript(scope, script, entry, options),
    );
  }

  /**
   * An app that was built elsewhere, with this library's Node or Python runtime in its code.
   *
   * Node: the code calls `makeLambdaHandler` itself. Without `runtime` the function runs on `AppSource.NODE_RUNTIME`.
   *
   * Python: the code calls `make_lambda_handler`. Set `runtime`, e.g. to `AppSource.PYTHON_RUNTIME`. For `responseStreaming`, also set
   * the environment variable `AWS_LAMBDA_EXEC_WRAPPER` to the script `stream-responses.sh` of the runtime package in the code.
   *
   * @param code the code to upload
   * @param handler the Lambda handler in it, e.g. `index.handler`
   */
  public static prebuilt(code: lambda.Code, handler: string): AppSource {
    return new BuiltInSource((scope, bindOptions) => bindPrebuiltApp(scope, code, handler, bindOptions));
  }

  /**
   * Makes the code of the function.
   *
   * @param scope the construct of the app
   * @param options the settings of the function that the source depends on
   */
  public abstract bind(scope: Construct, options: AppSourceBindOptions): AppSourceConfig;

  /**
   * Makes the code for a file of the app that is run as a program of its own.
   *
   * @internal
   */
  public _bindScript(scope: Construct, script: string, _options: AppSourceBindOptions): _ScriptConfig {
    throw new Error(`${scope.node.path}: entry ${script} cannot be bundled for this app, whose code is not bundled from a file either; `
      + "give the words of a command that runs in its code, e.g. command: ['node', 'migrate.js']");
  }
}

class BuiltInSource extends AppSource {
  constructor(private readonly make: AppSource['bind'], private readonly makeScript?: AppSource['_bindScript']) {
    super();
  }

  /** @internal */
  public override _bindScript(scope: Construct, script: string, options: AppSourceBindOptions): _ScriptConfig {
    return this.makeScript?.(scope, script, options) ?? super._bindScript(scope, script, options);
  }

  public bind(scope: Construct, options: AppSourceBindOptions): AppSourceConfig {
    return this.make(scope, options);
  }
}

/** Turns the `entry` property into an app source. The extension of a file name decides which. */
export function appSourceOf(scope: Construct, entry: string | AppSource | undefined): AppSource {
  const path = scope.node.path;
  if (entry === undefined || entry === null || entry === '') {
    throw new Error(`${path}: entry is required; give the file of the app, e.g. entry: 'src/app.ts', or an AppSource, got ${JSON.stringify(entry)}`);
  }
  // Not with `instanceof`: it is false for objects of another copy of this library.
  if (typeof entry !== 'string' && typeof entry.bind === 'function') return entry;
  if (typeof entry === 'string') {
    if (NODE_ENTRY.test(entry)) return AppSource.node(entry);
    if (PYTHON_ENTRY.test(entry)) return AppSource.python(entry);
    if (isFolder(entry)) {
      throw new Error(`${path}: entry ${entry} is a directory; give the file of the app in it, e.g. entry: ${JSON.stringify(join(entry, 'app.ts'))}, `
        + `or AppSource.server(${JSON.stringify(entry)}, …) if it is a server that a framework built`);
    }
  }
  throw new Error(`${path}: entry must be a file that ends in .ts, .tsx, .mts, .cts, .js, .mjs, .cjs or .py, or an AppSource, got ${JSON.stringify(entry)}`);
}

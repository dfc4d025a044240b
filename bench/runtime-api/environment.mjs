import { execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OF_FUNCTION } from './function-variables.mjs';
import { bundle } from '../bundle.mjs';
import { CONTENDERS } from '../contenders.mjs';
import { RuntimeApiServer } from '../../lib/local/runtime-api-server.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** How the app of each framework is started as a plain server, which runs behind the web adapter. */
const SERVERS = {
  http: 'import { createServer } from \'node:http\'; createServer(app)',
  express5: 'app',
};

/** One Lambda environment: a Runtime API, and the processes that run on it. */
export class Environment {
  #children = [];
  #log = '';
  #ended = false;
  #api;
  /** Settled when the function asks for its first event, or cannot. */
  #ready = withResolvers();
  /** The invocation that runs. */
  #pending;
  /** Why there can be no more invocations. */
  #failure;

  /** @param {{ id: string, node: string, framework: string, format: string, runtime: string, directory: string, webAdapter?: string }} options */
  static async start(options) {
    const environment = new Environment();
    environment.#api = await RuntimeApiServer.start({
      onNext: () => environment.#ready.resolve(),
      onInitError: ({ body }) => environment.#fail(`the function could not load: ${body}`),
    });
    const limit = setTimeout(() => environment.#fail(`${options.id}: not ready after 20 seconds`), 20_000);
    try {
      await (options.id === 'web-adapter' ? environment.#startServer(options) : environment.#startClient(options));
      await environment.#ready.promise;
    } catch (error) {
      environment.end();
      throw error;
    } finally {
      clearTimeout(limit);
    }
    return environment;
  }

  /**
   * @param {string} event as JSON
   * @returns {Promise<{ result: string, milliseconds: number }>} `milliseconds` passed from the event to the last byte of
   *   the result, by the clock
   */
  async invoke(event) {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    this.#pending = withResolvers();
    let start;
    this.#api.invoke({
      event,
      timeoutMs: 29_000,
      headers: {
        'invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:bench',
        'trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0',
      },
      onStart: () => {
        start = performance.now();
      },
      onAnswer: ({ kind, body }) => {
        const milliseconds = performance.now() - start;
        if (kind === 'response') {
          this.#pending.resolve({ result: body.toString(), milliseconds });
        } else {
          this.#pending.reject(new Error(`the function answered with ${kind}: ${String(body).slice(0, 500)}`));
        }
      },
    });
    return this.#pending.promise;
  }

  /** On AWS's own runtime client, as in Lambda's Node runtimes. */
  #startClient({ id, node, framework, format, runtime, directory }) {
    const file = `${directory}/${framework}-${id}-${format}.cjs`;
    bundle({ framework, file, code: CONTENDERS.find((contender) => contender.id === id).code({ framework, format, runtime }) });
    const entry = `${framework}-${id}-${format}-entry`;
    writeFileSync(`${directory}/${entry}.mjs`, `import bundle from './${basename(file)}';\nexport const handler = await bundle.handler;\n`);
    this.#spawn(node, [runtimeInterfaceClient(), `${entry}.handler`], directory, {
      _HANDLER: `${entry}.handler`,
      WRAPPED_WEB_APP_DOORS: JSON.stringify([{ door: format, responseMode: 'buffered' }]),
    });
  }

  /** A plain server, and the adapter in front of it, which is a separate program. */
  async #startServer({ node, framework, directory, webAdapter }) {
    const file = `${directory}/${framework}-server.cjs`;
    bundle({ framework, file, code: `import { app } from 'app'; ${SERVERS[framework]}.listen(Number(process.env.PORT), '127.0.0.1');` });
    const port = String(await freePort());
    this.#spawn(node, [file], directory, { PORT: port });
    this.#spawn(webAdapter, [], directory, { AWS_LWA_PORT: port, AWS_LWA_HOST: '127.0.0.1', RUST_LOG: 'error' });
  }

  #spawn(command, parameters, directory, variables) {
    const child = spawn(command, parameters, {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        ...OF_FUNCTION,
        AWS_LAMBDA_RUNTIME_API: this.#api.address,
        LAMBDA_TASK_ROOT: directory,
        ...variables,
      },
    });
    const gather = (chunk) => {
      this.#log = `${this.#log}${chunk}`.slice(-2000);
    };
    child.stdout.on('data', gather);
    child.stderr.on('data', gather);
    child.on('error', (error) => this.#fail(`${basename(command)}: ${error.message}`));
    child.on('exit', (code, signal) => this.#fail(`${basename(dirname(command))}/${basename(command)}: the process ended with ${signal ?? code}`));
    this.#children.push(child);
  }

  #fail(message) {
    if (this.#ended) {
      return;
    }
    this.#failure ??= new Error(`${message}\n${this.#log}`);
    this.#ready.promise.catch(() => undefined);
    this.#ready.reject(this.#failure);
    this.#pending?.reject(this.#failure);
  }

  end() {
    this.#ended = true;
    this.#children.forEach((child) => child.kill('SIGKILL'));
    this.#api.close();
  }
}

/** AWS's Node Runtime Interface Client, as in the tests of the package; compiled on first use. */
function runtimeInterfaceClient() {
  const file = here('../../.cache/toolchain/runtime-client/node_modules/aws-lambda-ric/index.mjs');
  if (!existsSync(file)) {
    execFileSync(process.execPath, [here('../../scripts/install-test-toolchain.mjs'), 'runtime-client'], { stdio: 'inherit' });
  }
  return file;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Node 20 has no `Promise.withResolvers`. */
function withResolvers() {
  let settle;
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

import { Construct } from 'constructs';
import { RuntimeOptionsContract } from './private/contract';

/** What happens after an exception that nobody caught. */
export type UncaughtExceptionBehavior = 'continue' | 'exit';

/** How the app is run and answered on Lambda. The defaults suit apps that know nothing of Lambda. */
export interface RuntimeOptions {
  /**
   * The path to which events that are not HTTP (a queue's, a schedule's, a rule's) are posted as JSON, e.g. `/events`.
   *
   * A 2xx answer with a JSON body is the invocation's result, so that a queue learns which messages failed; any other answer fails
   * the invocation. HTTP requests to this path and to all paths below it get 404, in any spelling. What the app should check is the
   * header `x-wrapped-web-app-source`: its value is `event` on these requests, and no client can send it.
   *
   * The path begins with a slash and has no query.
   *
   * @default - such events fail the invocation, with an error that names their keys
   */
  readonly eventPath?: string;

  /**
   * What happens after an exception that nobody caught, once the requests in flight are answered with 500: `continue` keeps the
   * environment for the next request, `exit` ends the process, as Node does by itself. Node apps only.
   *
   * @default 'continue'
   */
  readonly onUncaughtException?: UncaughtExceptionBehavior;

  /**
   * Whether the `x-forwarded-host` header is taken as the host of a request. Only for an app that can be reached through nothing but a
   * proxy that sets the header, such as a CDN in front of a Function URL: otherwise any client could choose the host.
   *
   * @default false
   */
  readonly trustForwardedHost?: boolean;

  /**
   * Whether response bodies may be binary. If false, every body is sent as text, and one that is not UTF-8 becomes a 500 with an entry in the log.
   *
   * @default - as the front door can: all four can
   */
  readonly binarySupport?: boolean;

  /**
   * Prefixes of the content types whose response bodies are sent as text, e.g. `text/`; all others are sent as base64.
   *
   * @default - Node: bodies that are UTF-8 are text. Python: `text/`, `application/json`, `application/problem+json`, `application/vnd.api+json`
   */
  readonly nonBinaryContentTypePrefixes?: string[];

  /**
   * A path that the app answers once in each new environment before any client's request, e.g. `/health`.
   *
   * Many apps load a part of their code, their templates and their connections with the first request. With this it is there when the
   * first client comes. It is made for provisioned concurrency and SnapStart, where environments start before there is a client; elsewhere
   * the first client waits for the init phase too, and gains little.
   *
   * The app gets `GET` with the host `localhost` and the header `x-wrapped-web-app-source: warm-up`, which no client can send, and should
   * change nothing. An error, a status other than 2xx, or an answer that takes longer than what is left of the init phase (10 seconds) is
   * logged as a warning, and the start goes on.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
   * @default - the first request is a client's
   */
  readonly warmUp?: string;

  /**
   * Whether work after the answer goes on while the client has its response: in Node `waitUntil(promise)`, in Python the
   * background tasks of Starlette and FastAPI, `call_on_close` of Flask, and `wait_until(work)`. Without it the client waits for the work.
   *
   * The function runs, and costs money, until the work is done, and takes no other request meanwhile. Work that has not ended shortly
   * before the function's timeout is given up. For Node it makes the function's process an extension of Lambda, which responses that
   * are streamed do not need; Python apps run on a runtime loop of this library.
   *
   * Experimental: a minor version may change it.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
   * @default false
   * @experimental
   */
  readonly backgroundWork?: boolean;
}

/** The options as the runtime reads them, or undefined where there is nothing to say. */
export function runtimeOptionsOf(scope: Construct, options: RuntimeOptions): string | undefined {
  const { eventPath, onUncaughtException, trustForwardedHost, binarySupport, nonBinaryContentTypePrefixes, warmUp, backgroundWork } = options;
  if (eventPath !== undefined && !/^\/[^?#\s]+$/.test(eventPath)) {
    throw new Error(`${scope.node.path}: eventPath must be a path such as '/events', without a query, got ${JSON.stringify(eventPath)}`);
  }
  if (warmUp !== undefined && !/^\/[^?#\s]*$/.test(warmUp)) {
    throw new Error(`${scope.node.path}: warmUp must be a path such as '/health', without a query, got ${JSON.stringify(warmUp)}`);
  }
  if (onUncaughtException !== undefined && onUncaughtException !== 'continue' && onUncaughtException !== 'exit') {
    throw new Error(`${scope.node.path}: onUncaughtException must be 'continue' or 'exit', got ${JSON.stringify(onUncaughtException)}`);
  }
  // The type asks for every field of the contract: one that is forgotten here does not compile.
  const contract: { [Option in keyof Required<RuntimeOptionsContract>]: RuntimeOptionsContract[Option] } = {
    binarySupport, nonBinaryContentTypePrefixes, onUncaughtException, eventPath, trustForwardedHost, warmUp, backgroundWork,
  };
  const text = JSON.stringify(contract);
  return text === '{}' ? undefined : text;
}

import { ACCEPTED_APPS, toWebApp } from './apps/web-app';
import { BackgroundExtension } from './invocations/background-extension';
import { LambdaHandler } from './invocations/lambda-context';
import { mapStackTraces, moduleIsLoaded } from './invocations/stack-traces';
import { handlerFor } from './lambda-handler';
import { DOORS_VARIABLE } from './settings/contract';
import { DEFAULT_SETTINGS } from './settings/settings';
import { warmUp } from './warm-up';

/** Lambda gives the init phase 10 seconds, of which loading the app may have taken a part. */
const WARM_UP_MS = 5_000;

// What `index.ts` exports lies in files whose declarations need no types of Node: users may not have those.

if (process.env[DOORS_VARIABLE] !== undefined) {
  // A function of the construct. Elsewhere, stack traces are not changed.
  mapStackTraces();
}

/** How the runtime runs an app. The defaults suit apps that were not written for Lambda. */
export interface LambdaHandlerOptions {
  /**
   * Whether the front door can send binary bodies. If false, every body is sent as text; for a body that is not
   * UTF-8 the client gets 500 and the log an entry. A REST API can send them if its `binaryMediaTypes` allow it.
   * @default - binary bodies are sent as base64
   */
  readonly binarySupport?: boolean;
  /**
   * Prefixes of content types whose bodies are sent as text, such as `text/`. All other bodies are sent as base64.
   * @default - bodies that are UTF-8 are sent as text, others as base64
   */
  readonly nonBinaryContentTypePrefixes?: readonly string[];
  /**
   * What happens after an uncaught exception, once the affected requests are answered with 500:
   * `continue` keeps the environment, `exit` ends the process, as plain Node does.
   * @default 'continue'
   */
  readonly onUncaughtException?: 'continue' | 'exit';
  /**
   * Send each part of a response when the app writes it. The Function URL must have the invoke mode RESPONSE_STREAM,
   * or the REST API the response transfer mode STREAM. Works only inside Lambda.
   * @default false
   */
  readonly responseStreaming?: boolean;
  /**
   * The path that receives events of other services (queues, schedules) as JSON with POST, such as `/events`. A 2xx
   * response with a JSON body is the result of the invocation; any other response fails it. Clients get 404 for this path
   * and all paths below it. Only these requests have the header `x-wrapped-web-app-source: event`, which no client can send.
   * @default - the invocation fails for such events
   */
  readonly eventPath?: string;
  /**
   * Trust `x-forwarded-host`. Only safe if all requests pass through a proxy that sets it.
   * @default false
   */
  readonly trustForwardedHost?: boolean;
  /**
   * A path that the app answers once when it has started, such as `/health`, so that what it loads with its first request is
   * there before a client is. Events do not wait for it. The request has the header `x-wrapped-web-app-source: warm-up`.
   * @default - the first request is a client's
   */
  readonly warmUp?: string;
  /**
   * Whether work after the answer (`waitUntil`) goes on while the client has its response. It makes the process an
   * extension of Lambda, which it can only become in the init phase; where that fails, clients wait for the work.
   * Streamed responses do not need it. Experimental.
   * @default false
   */
  readonly backgroundWork?: boolean;
}

/**
 * Wraps an app in a Lambda handler, for use without the construct:
 *
 *     export const handler = makeLambdaHandler(app);
 *
 * The event format is detected for each event: Function URLs, HTTP APIs (payload 1.0 and 2.0), REST APIs, ALBs with and
 * without multi-value headers, and VPC Lattice.
 *
 * @param app a request listener, an `http.Server`, an Express, Koa, Fastify, NestJS or Hapi app, a fetch function or an
 *   object with one, or a promise or factory of any of these
 * @returns `(event, context) => Promise<result>`; rejects for events that are not HTTP, unless `eventPath` is set
 */
export function makeLambdaHandler(app: unknown, options: LambdaHandlerOptions = {}): LambdaHandler {
  moduleIsLoaded();
  const settings = { ...DEFAULT_SETTINGS, ...options, responseStreaming: options.responseStreaming === true };
  const start = async () => {
    const webApp = await toWebApp(app);
    if (webApp === undefined) {
      throw new TypeError(`makeLambdaHandler: app must be ${ACCEPTED_APPS}, got ${app === null ? 'null' : typeof app}`);
    }
    void warmUp(webApp, settings, WARM_UP_MS);
    return webApp;
  };
  const extension = BackgroundExtension.isNeeded(settings) ? new BackgroundExtension() : undefined;
  return handlerFor(start, settings, typeof app === 'function', extension);
}

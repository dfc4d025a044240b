import { USABLE, toWebApp } from './apps/web-app';
import { RuntimeOptionsContract } from './contract';
import { LambdaHandler } from './lambda-context';
import { lambdaHandler } from './lambda-handler';

/** How an app is run and answered; every option has a default that suits apps which do not think of Lambda. */
export interface LambdaHandlerOptions {
  /**
   * Whether the front door carries binary bodies. When false, every body is sent as text, and one that is not
   * UTF-8 is refused with 500 and a line in the log. A REST API carries them if its `binaryMediaTypes` say so.
   * @default true
   */
  readonly binarySupport?: boolean;
  /**
   * Content types whose bodies are sent as text, by prefix, such as `text/`; all others are sent as base64.
   * @default - bodies that are UTF-8 are sent as text, others as base64
   */
  readonly nonBinaryContentTypePrefixes?: readonly string[];
  /**
   * What happens after an exception that nobody caught, once the requests in flight are answered with 500:
   * `continue` keeps the environment, `exit` ends the process, as Node does by itself.
   * @default 'continue'
   */
  readonly onUncaughtException?: RuntimeOptionsContract['onUncaughtException'];
  /**
   * Send each piece of a response as the app writes it. For functions whose Function URL has the invoke mode
   * RESPONSE_STREAM, or whose REST API the response transfer mode STREAM; only inside of Lambda.
   * @default false
   */
  readonly responseStreaming?: boolean;
  /**
   * The path to which events that are not HTTP (a queue's, a schedule's) are posted as JSON, such as `/events`. A 2xx
   * answer with a JSON body is the invocation's result; any other fails the invocation. Clients cannot reach this path.
   * @default - such events are refused with an error
   */
  readonly eventPath?: string;
  /**
   * Believe `x-forwarded-host`. Only for functions that nobody can reach but through a proxy which sets it.
   * @default false
   */
  readonly trustForwardedHost?: boolean;
}

/**
 * Wraps an app in a Lambda handler, for use without the construct:
 *
 *     export const handler = makeLambdaHandler(app);
 *
 * The door is told from each event: Function URLs, HTTP APIs (payload 1.0 and 2.0), REST APIs, ALBs with and without
 * multi-value headers, and VPC Lattice.
 *
 * @param app a request listener, an `http.Server`, an Express, Koa, Fastify, NestJS or Hapi app, a fetch function or an
 *   object with one, or a promise or factory of any of these
 * @returns `(event, context) => Promise<result>`; rejects when an event is none of HTTP
 */
export function makeLambdaHandler(app: unknown, options: LambdaHandlerOptions = {}): LambdaHandler {
  const start = async () => {
    const webApp = await toWebApp(app);
    if (webApp === undefined) {
      throw new TypeError(`makeLambdaHandler: app must be ${USABLE}, got ${app === null ? 'null' : typeof app}`);
    }
    return webApp;
  };
  return lambdaHandler(start, { ...options, responseStreaming: options.responseStreaming === true }, typeof app === 'function');
}

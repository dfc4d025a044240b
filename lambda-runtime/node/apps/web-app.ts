import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { Fetch, FetchExchange, isResponse } from './fetch-app';
import { loadFetchClasses } from './fetch-request';
import { NodeApp } from './node-app';
import { nodeListener } from './node-listener';
import { observedListener } from './observed-listener';
import { opensWebSocket } from './web-socket';
import { ResponseSink } from '../http/response-sink';
import { Invocation } from '../invocations/invocation';

/** An app that is ready: serves one request, and returns what the app's own function returned. */
export type WebApp = (invocation: Invocation, sink: ResponseSink) => unknown;

/** A value that may be an app. Frameworks are recognised by their properties, since the runtime imports none of them. */
type Candidate = any;

export const ACCEPTED_APPS = 'a request listener (req, res), an http.Server, an Express, Koa, Fastify, NestJS or Hapi app, '
  + 'a fetch function or an object with one, or a promise or factory of any of these';

/**
 * Recognises the kind of app and prepares it.
 *
 * @returns undefined if the value is not an app
 */
export async function toWebApp(candidate: Candidate): Promise<WebApp | undefined> {
  const value = await candidate;
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    return undefined;
  }
  if (value instanceof NetServer) {
    const server = value as Server;
    return nodeWebApp({ listener: (req, res) => server.emit('request', req, res), server });
  }
  if (typeof value.getHttpAdapter === 'function' && typeof value.init === 'function') {
    // NestJS: https://docs.nestjs.com/faq/serverless
    await value.init();
    return toWebApp(value.getHttpAdapter().getInstance());
  }
  if (typeof value.ready === 'function' && typeof value.routing === 'function') {
    // Fastify: https://fastify.dev/docs/latest/Reference/Server/#routing
    await value.ready();
    return nodeWebApp({ listener: observedListener((req, res) => value.routing(req, res)), server: value.server });
  }
  if (typeof value.initialize === 'function' && value.listener instanceof NetServer) {
    // Hapi: https://hapi.dev/api/#-await-serverinitialize
    await value.initialize();
    return toWebApp(value.listener);
  }
  if (typeof value.callback === 'function' && typeof value.use === 'function') {
    // Koa: https://koajs.com/#app-callback-
    if (looksForResponses(value)) {
      loadFetchClasses();
    }
    return nodeWebApp({ listener: observedListener(value.callback()) });
  }
  if (typeof value === 'function' && typeof value.handle === 'function') {
    // Express and Connect. Only Express has its own prototypes.
    return nodeWebApp({
      listener: observedListener(value),
      requestPrototype: prototypeFor(value.request, IncomingMessage),
      responsePrototype: prototypeFor(value.response, ServerResponse),
    });
  }
  if (typeof value.fetch === 'function') {
    return fetchWebApp((request, bindings, execution) => value.fetch(request, bindings, execution));
  }
  return typeof value === 'function' ? functionToWebApp(value) : undefined;
}

/** Request listeners have two parameters, fetch functions one, factories none. */
async function functionToWebApp(value: Function & Candidate): Promise<WebApp | undefined> {
  if (/^class\b/.test(Function.prototype.toString.call(value))) {
    return undefined;
  }
  if (value.length >= 2) {
    return listenerWebApp(value);
  }
  if (value.length === 1) {
    return fetchWebApp(value);
  }
  const made = await value();
  // A fetch function without parameters looks like a factory until it is called.
  return isResponse(made) ? fetchWebApp(() => value()) : toWebApp(made);
}

/** Koa 3 compares each body that is an object with `Response`, so the first request would have Node load it. */
function looksForResponses({ response }: Candidate): boolean {
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(response ?? {}) ?? {}, 'body') ?? {};
  return /\bResponse\b/.test(String(set));
}

/** The prototype, if it inherits from Node's class. */
function prototypeFor(prototype: unknown, base: Function): object | undefined {
  return prototype instanceof base ? prototype : undefined;
}

function nodeWebApp(app: NodeApp): WebApp {
  const serve = nodeListener(app);
  return ({ request, reply }, sink) => {
    if (opensWebSocket(app, request)) {
      reply.fail(426, 'the app would open a WebSocket, but no front door can pass one on to a function: see docs/websockets.md');
      return undefined;
    }
    return serve(request, sink).run();
  };
}

/**
 * An exported function with two parameters is a listener. Some fetch functions have two as well, such as a Worker's
 * `(request, env)`. To try would run a POST twice, so the mistake is answered when it shows.
 */
function listenerWebApp(listener: NodeApp['listener']): WebApp {
  const serve = nodeListener({ listener: observedListener(listener) });
  return ({ request, reply }, sink) => {
    const exchange = serve(request, sink);
    const check = (returned: unknown) => {
      if (isResponse(returned) && !exchange.res.headersSent) {
        reply.fail(500, 'the exported function has two parameters, so it is a listener (req, res), but it returned a Response; '
          + 'export an object with it: export default { fetch }');
      }
    };
    const returned = exchange.run();
    if (!(returned instanceof Promise)) {
      check(returned);
      return returned;
    }
    if (exchange.res.headersSent) {
      // It answers already. Another promise would take longer than many an answer.
      return returned;
    }
    // The new promise is rejected with the same reason, so the rejection still belongs to this request.
    return returned.then(check);
  };
}

function fetchWebApp(fetch: Fetch): WebApp {
  loadFetchClasses();
  return ({ request, event, context, reply }) => {
    const bindings = { event, requestContext: event.requestContext, lambdaContext: context };
    return void new FetchExchange(fetch, request, bindings, reply).run();
  };
}

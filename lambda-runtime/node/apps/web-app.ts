import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { Fetch, FetchExchange, isResponse } from './fetch-app';
import { NodeApp } from './node-app';
import { nodeListener } from './node-listener';
import { ResponseSink } from '../http/response-sink';
import { Invocation } from '../invocations/invocation';

/** An app that is ready to serve: starts the answer to one request, and returns what the app's own function returned. */
export type WebApp = (invocation: Invocation, sink: ResponseSink) => unknown;

/** What apps may hand over; every framework here is told by its shape, since the runtime knows none of them. */
type Candidate = any;

export const USABLE = 'a request listener (req, res), an http.Server, an Express, Koa, Fastify, NestJS or Hapi app, '
  + 'a fetch function or an object with one, or a promise or factory of any of these';

/**
 * Finds out what a value is and gets it ready.
 *
 * @returns undefined where it is nothing that can serve
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
    return nodeWebApp({ listener: (req, res) => value.routing(req, res), server: value.server });
  }
  if (typeof value.initialize === 'function' && value.listener instanceof NetServer) {
    // Hapi: https://hapi.dev/api/#-await-serverinitialize
    await value.initialize();
    return toWebApp(value.listener);
  }
  if (typeof value.callback === 'function' && typeof value.use === 'function') {
    // Koa: https://koajs.com/#app-callback-
    return nodeWebApp({ listener: value.callback() });
  }
  if (typeof value === 'function' && typeof value.handle === 'function') {
    // Express and Connect; only the first has prototypes of its own.
    return nodeWebApp({
      listener: value,
      requestPrototype: prototypeFor(value.request, IncomingMessage),
      responsePrototype: prototypeFor(value.response, ServerResponse),
    });
  }
  if (typeof value.fetch === 'function') {
    return fetchWebApp((request, bindings) => value.fetch(request, bindings));
  }
  return typeof value === 'function' ? functionToWebApp(value) : undefined;
}

/** Listeners take two parameters, fetch functions one, factories none. */
async function functionToWebApp(value: Function & Candidate): Promise<WebApp | undefined> {
  if (/^class\b/.test(Function.prototype.toString.call(value))) {
    return undefined;
  }
  if (value.length >= 2) {
    return nodeWebApp({ listener: value });
  }
  if (value.length === 1) {
    return fetchWebApp(value);
  }
  const made = await value();
  // A fetch function that has no use for its request looks like a factory, until it is called.
  return isResponse(made) ? fetchWebApp(() => value()) : toWebApp(made);
}

/** The prototype that an app gives its messages, if it is one of Node's. */
function prototypeFor(prototype: unknown, base: Function): object | undefined {
  return prototype instanceof base ? prototype : undefined;
}

function nodeWebApp(app: NodeApp): WebApp {
  const serve = nodeListener(app);
  return ({ request }, sink) => serve(request, sink).run();
}

function fetchWebApp(fetch: Fetch): WebApp {
  return ({ request, event, context, reply }, sink) => {
    const bindings = { event, requestContext: event.requestContext, lambdaContext: context };
    // Servers for fetch apps answer for an app that throws; its process never hears of it.
    return new FetchExchange(fetch, request, bindings, sink).run().catch((error: unknown) => reply.fail(500, 'the app threw', error));
  };
}

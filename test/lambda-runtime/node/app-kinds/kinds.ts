import { join } from 'node:path';
import { RequestSpec } from '../behaviours/behaviour';

export const APPS = join(__dirname, 'apps');

/** A kind of app that the runtime is tested with. */
export interface AppKind {
  /** The file in `apps/`. */
  readonly file: string;
  readonly name: string;
  /** How the module provides the app. */
  readonly form: string;
  /** The npm package of the framework. */
  readonly package?: string;
  /** The export that the entry names. */
  readonly exportName?: string;
  /** How the app is served without Lambda. */
  readonly plain: 'listener' | 'server' | 'koa' | 'fastify' | 'hapi' | 'nest' | 'fetch' | 'listens';
  /** Requests that do not apply to this kind, and additional requests for this kind. */
  readonly without?: string[];
  readonly more?: RequestSpec[];
}

const LISTENING: RequestSpec = { target: '/listening' };
const REGISTERED: RequestSpec = { target: '/registered' };

export const APP_KINDS: readonly AppKind[] = [
  { name: 'node:http', file: 'listener.cjs', form: 'a request listener, CommonJS', plain: 'listener' },
  { name: 'node:http', file: 'listener.mjs', form: 'a request listener, ES module', plain: 'listener' },
  { name: 'node:http', file: 'server.mjs', form: 'an `http.Server`, the export `server`', plain: 'server', exportName: 'server' },
  { name: 'node:http', file: 'awaited.mts', form: 'an `http.Server` after a top-level `await`, TypeScript', plain: 'server' },
  { name: 'node:http', file: 'listens-on-port.cjs', form: '`listen(port, callback)` and the event `listening`', plain: 'listens', more: [LISTENING] },
  { name: 'node:http', file: 'listens-on-path.cjs', form: '`listen(path)`', plain: 'listens', without: ['/client'], more: [LISTENING] },
  { name: 'node:http', file: 'listens-late.cjs', form: '`listen()` some time after the module was loaded', plain: 'listens' },
  { name: 'Express 5', package: 'express', file: 'express5.mjs', form: 'the app, ES module', plain: 'listener' },
  { name: 'Express 5', package: 'express', file: 'express5.cjs', form: 'the app, CommonJS', plain: 'listener' },
  { name: 'Express 5', package: 'express', file: 'express5.ts', form: 'the export that the entry names, TypeScript', plain: 'listener', exportName: 'web' },
  { name: 'Express 5', package: 'express', file: 'promise.cjs', form: 'a promise of the app', plain: 'listener' },
  { name: 'Express 5', package: 'express', file: 'factory.cjs', form: 'a factory', plain: 'listener' },
  { name: 'Express 5', package: 'express', file: 'listens-with-options.mjs', form: '`listen({ port, host }, callback)`', plain: 'listens', more: [LISTENING] },
  { name: 'Express 5', package: 'express', file: 'listens-and-exports.mjs', form: 'the export `app`, which listens too', plain: 'listens' },
  { name: 'Express 4', package: 'express4', file: 'express4.cjs', form: 'the export `app`, CommonJS', plain: 'listener', exportName: 'app' },
  { name: 'Koa', package: 'koa', file: 'koa.mjs', form: 'the app', plain: 'koa' },
  { name: 'Fastify', package: 'fastify', file: 'fastify.mjs', form: 'an async factory', plain: 'fastify' },
  { name: 'Fastify', package: 'fastify', file: 'fastify-awaited.mts', form: 'the app after a top-level `await`, TypeScript', plain: 'fastify', more: [REGISTERED] },
  { name: 'Fastify', package: 'fastify', file: 'fastify-listens.mjs', form: '`listen({ port })`', plain: 'listens' },
  { name: 'NestJS', package: '@nestjs/core', file: 'nest/exports.ts', form: 'a promise of the app, with `emitDecoratorMetadata`', plain: 'nest' },
  { name: 'NestJS', package: '@nestjs/core', file: 'nest/listens.ts', form: '`bootstrap()` with `app.listen(port)`', plain: 'listens' },
  { name: 'Hapi', package: '@hapi/hapi', file: 'hapi.cjs', form: 'the server', plain: 'hapi' },
  { name: 'Hapi', package: '@hapi/hapi', file: 'hapi-listens.cjs', form: '`server.start()`', plain: 'listens' },
  { name: 'Hono', package: 'hono', file: 'hono.mjs', form: 'the app, an object with `fetch`', plain: 'fetch' },
  { name: 'fetch', file: 'fetch-function.mjs', form: 'a function from `Request` to `Response`', plain: 'fetch' },
  { name: 'fetch', file: 'fetch-export.cjs', form: 'the export `fetch`', plain: 'fetch', exportName: 'fetch' },
  { name: 'Connect', package: 'connect', file: 'connect.cjs', form: 'the app', plain: 'listener', more: [{ target: '/mounted/here?x=1' }] },
  { name: 'Polka', package: 'polka', file: 'polka-listens.cjs', form: '`listen(port)`', plain: 'listens' },
];

const ALL_BYTES = Buffer.from(Array.from({ length: 4096 }, (_, i) => i % 256));

/** The requests to every app. For a missing route, the app answers with the default of its framework. */
export const REQUESTS: readonly RequestSpec[] = [
  { target: '/json?a=1&a=2&b=x%20y' },
  { method: 'HEAD', target: '/json' },
  { target: '/cookies', headers: [['cookie', 'session=abc; theme=dark'], ['x-forwarded-proto', 'http']] },
  { target: '/repeated', headers: [['x-one', '1']] },
  { target: '/client' },
  { target: '/large', headers: [['accept', 'text/plain']] },
  { target: '/redirect' },
  { target: '/error' },
  { target: '/async-error' },
  { target: '/missing', headers: [['accept', 'application/json']] },
  { method: 'OPTIONS', target: '/json' },
  { method: 'DELETE', target: '/json' },
  { method: 'POST', target: '/form', headers: [['content-type', 'application/x-www-form-urlencoded']], body: 'name=J%C3%BCrgen&tag=a&tag=b' },
  { method: 'POST', target: '/upload', headers: [['content-type', 'application/octet-stream']], body: ALL_BYTES },
];

/** The entry as a user of the construct writes it. */
export function entryOf({ file, exportName }: AppKind): string {
  return join(APPS, file) + (exportName && exportName !== 'fetch' ? `:${exportName}` : '');
}

export function requestsOf({ without = [], more = [] }: AppKind): RequestSpec[] {
  return [...REQUESTS.filter(({ target }) => !without.includes(target!)), ...more];
}

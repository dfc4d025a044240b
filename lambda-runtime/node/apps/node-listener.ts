import { Connection } from './connection';
import { NodeApp } from './node-app';
import { NodeExchange } from './node-exchange';
import { RequestInternals, ResponseInternals, serverOptions } from './node-internals';
import { lowerCase } from '../http/lower-case';
import { ResponseSink } from '../http/response-sink';
import { WebRequest } from '../http/web-request';

/** Prepares an app once and returns the function that creates an exchange for each request. */
export function nodeListener(app: NodeApp): (request: WebRequest, sink: ResponseSink) => NodeExchange {
  const given = serverOptions(app.server);
  const AppRequest = constructorWith<RequestInternals>(given.IncomingMessage, app.requestPrototype);
  const AppResponse = constructorWith<ResponseInternals>(given.ServerResponse, app.responsePrototype);
  return (request, sink) => {
    const connection = new Connection(request, given);
    connection.server = app.server;
    if (app.server?.timeout) {
      connection.setTimeout(app.server.timeout);
    }
    const req = new AppRequest(connection);
    req.joinDuplicateHeaders = given.joinDuplicateHeaders;
    fillRequest(req, request);
    const res = new AppResponse(req, given);
    return new NodeExchange(app, request, req, res, connection, sink, given.uniqueHeaders);
  };
}

/**
 * A constructor that runs Node's constructor on objects with another prototype. Node's constructors are plain functions
 * and accept any object; with `Reflect.construct`, V8 would create a new layout for every object.
 */
function constructorWith<T>(base: Function, prototype: object | undefined): new (...parameters: any[]) => T {
  if (prototype === undefined) {
    return base as never;
  }
  const constructor = function (this: any, first: unknown, second: unknown) {
    if (first === undefined) {
      // Never executed. V8 reserves one slot for each assignment in a constructor. Node's constructors assign in other
      // functions, and Express adds properties, so each object would grow and move many times.
      this.a = this.b = this.c = this.d = this.e = this.f = this.g = this.h = this.i = this.j = this.k = this.l = 0;
      this.a1 = this.b1 = this.c1 = this.d1 = this.e1 = this.f1 = this.g1 = this.h1 = this.i1 = this.j1 = this.k1 = this.l1 = 0;
      this.a2 = this.b2 = this.c2 = this.d2 = this.e2 = this.f2 = this.g2 = this.h2 = this.i2 = this.j2 = this.k2 = this.l2 = 0;
      this.a3 = this.b3 = this.c3 = this.d3 = this.e3 = this.f3 = this.g3 = this.h3 = this.i3 = this.j3 = this.k3 = this.l3 = 0;
    }
    base.call(this, first, second);
  };
  constructor.prototype = prototype;
  return constructor as never;
}

/** Sets what Node's HTTP parser would set. */
function fillRequest(req: RequestInternals, request: WebRequest): void {
  const raw = request.rawHeaders;
  if (request.mountPrefix !== '') {
    raw.push('x-forwarded-prefix', request.mountPrefix);
  }
  req.httpVersionMajor = 1;
  req.httpVersionMinor = 1;
  req.httpVersion = '1.1';
  req.method = request.method;
  req.url = request.target;
  req.upgrade = false;
  req._addHeaderLines(raw, raw.length);
  const headers: NodeJS.Dict<string> = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = lowerCase(raw[i]);
    if (headers[name] === undefined && name !== 'set-cookie') {
      headers[name] = raw[i + 1];
    } else {
      req._addHeaderLine(name, raw[i + 1], headers);
    }
  }
  req.headers = headers;
}

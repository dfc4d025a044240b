import { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { FORGED_PREFIX } from './hostile-event';
import { Random } from './random';

/** Reports something that an app must never see. */
export type Complain = (problem: string) => void;

const FORGED = ['x-amzn-request-context', 'x-amzn-lambda-context', 'x-amz-tenant-id', 'x-apigateway-event'];
const BODIES = ['', 'text', 'é€🙂', '\ud800', Buffer.from([0, 0xff, 0xc3]), '{"a":1}', 'x'.repeat(20_000)];
const VALUES = ['plain', 'é', ['a', 'b'], '', 7, 'a=1; Path=/', '€', 'line\r\nbreak', undefined, []];
const NAMES = ['x-a', 'set-cookie', 'content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'location', '__proto__', 'constructor', 'bad name', 'vary'];

/** Checks the whole request, and sends a random response. */
export function nodeApp(random: Random, complaints: () => Complain) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const complain = complaints();
    inspect(req, complain);
    const read = random.below(3);
    if (read > 0) {
      let bytes = 0;
      for await (const chunk of req) {
        bytes += chunk.length;
      }
      const declared = req.headers['content-length'];
      if (declared === undefined ? bytes > 0 : Number(declared) !== bytes) {
        complain(`content-length ${declared} for ${bytes} bytes`);
      }
    }
    try {
      answer(random, res);
    } catch {
      // Node refuses some of these responses, as it should.
      res.statusCode = 200;
      if (!res.headersSent) {
        res.getHeaderNames().forEach((name) => res.removeHeader(name));
      }
      res.end();
    }
  };
}

function inspect(req: IncomingMessage, complain: Complain): void {
  if (typeof req.method !== 'string' || typeof req.url !== 'string' || req.url === '') {
    complain(`method ${req.method}, url ${req.url}`);
  }
  if (isIP(req.socket.remoteAddress!) === 0) {
    complain(`remote address ${req.socket.remoteAddress}`);
  }
  if (typeof req.headers.host !== 'string') {
    complain(`host ${req.headers.host}`);
  }
  for (const name of FORGED) {
    if (req.headers[name] !== undefined) {
      complain(`a forged ${name}`);
    }
  }
  if (req.headers['x-forwarded-prefix'] === FORGED_PREFIX) {
    complain('a forged x-forwarded-prefix');
  }
  for (const name of Object.keys(req.headers)) {
    const value = req.headers[name];
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each !== 'string' || /[^\u0000-\u00ff]/.test(each)) {
        complain(`header ${name} has ${typeof each} beyond bytes`);
      }
    }
  }
  if (Object.getPrototypeOf(req.headers) !== Object.prototype || ({} as any).evil !== undefined) {
    complain('a prototype was changed');
  }
  // These are computed at first access.
  void [req.headersDistinct, req.trailersDistinct, req.rawHeaders.length];
}

function answer(random: Random, res: ServerResponse): void {
  for (let i = random.below(3); i > 0; i--) {
    res.setHeader(random.pick(NAMES), random.pick(VALUES) as string);
  }
  res.statusCode = random.pick([200, 200, 200, 201, 204, 304, 302, 404, 500, 599, 42]);
  if (random.chance(3)) {
    res.write(random.pick(BODIES));
  }
  if (random.chance(200)) {
    res.destroy();
    return;
  }
  res.end(random.pick(BODIES));
}

/** The same for an app that takes a `Request`. */
export function fetchApp(random: Random, complaints: () => Complain) {
  return async (request: Request): Promise<Response> => {
    const complain = complaints();
    for (const name of FORGED) {
      if (request.headers.has(name)) {
        complain(`a forged ${name}`);
      }
    }
    if (!URL.canParse(request.url) || !/^https?:$/.test(new URL(request.url).protocol)) {
      complain(`url ${request.url}`);
    }
    if (random.chance(2)) {
      await request.arrayBuffer();
    }
    const headers = new Headers({ 'x-path': encodeURIComponent(new URL(request.url).pathname) });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    const status = random.pick([200, 201, 204, 304, 404, 500]);
    return new Response(status === 204 || status === 304 ? null : random.pick(BODIES), { status, headers });
  };
}

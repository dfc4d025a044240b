import { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { posix } from 'node:path';
import { parse } from 'node:url';
import { EVENT_PATH, FORGED, PLATFORM_NAMES } from './attacks';
import { FORGED_PREFIX } from './hostile-event';
import { Random } from './random';
import { Settings } from '../../../../lambda-runtime/node/settings/settings';

/** Reports something that an app must never see, with the event that it saw it in. */
export interface Witness {
  readonly event: any;
  complain(problem: string): void;
}

const BODIES = ['', 'text', 'é€🙂', '\ud800', Buffer.from([0, 0xff, 0xc3]), '{"a":1}', 'x'.repeat(20_000)];
const VALUES = ['plain', 'é', ['a', 'b'], '', 7, 'a=1; Path=/', '€', 'line\r\nbreak', undefined, []];
const NAMES = ['x-a', 'set-cookie', 'content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'location', '__proto__', 'constructor', 'bad name', 'vary'];

/** Checks the whole request, and sends a random response. */
export function nodeApp(random: Random, settings: Settings, witness: () => Witness) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { event, complain } = witness();
    inspect(req, event, complain);
    inspectPath(req.url!, req.headers['x-wrapped-web-app-source'], settings, complain);
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

function inspect(req: IncomingMessage, event: any, complain: Witness['complain']): void {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(req.method!) || !(/^\/[!-~]*$/.test(req.url!) || (req.url === '*' && req.method === 'OPTIONS'))) {
    complain(`method ${req.method}, url ${req.url}`);
  }
  if (isIP(req.socket.remoteAddress!) === 0 || req.socket.remoteAddress!.includes('%')) {
    complain(`remote address ${req.socket.remoteAddress}`);
  }
  if (!/^(?:[\w.~-]+|\[[\da-fA-F:.]+\])(?::\d{0,5})?$/.test(req.headers.host!) || req.headersDistinct.host!.length !== 1) {
    complain(`host ${req.headers.host}`);
  }
  for (const name of PLATFORM_NAMES) {
    if (req.headers[name] === FORGED && !isSetBy(name, event)) {
      complain(`a forged ${name}`);
    }
  }
  if (req.headers['x-forwarded-prefix'] === FORGED_PREFIX) {
    complain('a forged x-forwarded-prefix');
  }
  for (const name of Object.keys(req.headers)) {
    const value = req.headers[name];
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each !== 'string' || /[^\u0000-\u00ff]|[\r\n\0]/.test(each) || /[\r\n\0]/.test(name)) {
        complain(`header ${JSON.stringify(name)} has ${typeof each} beyond bytes or a line break`);
      }
    }
  }
  if (Object.getPrototypeOf(req.headers) !== Object.prototype || ({} as any).evil !== undefined) {
    complain('a prototype was changed');
  }
  // These are computed at first access.
  void [req.headersDistinct, req.trailersDistinct, req.rawHeaders.length];
}

/** The doors that may set these headers themselves. */
function isSetBy(name: string, event: any): boolean {
  const context = typeof event?.requestContext === 'object' && event.requestContext !== null ? event.requestContext : {};
  return /-(?:oidc|mtls)-/.test(name) ? context.elb !== undefined : name.includes('-lattice-') && (context.serviceArn !== undefined || event.raw_path !== undefined);
}

/** No parser of Node, and no careless use of one, may find the event path in a request that a client sent. */
function inspectPath(target: string, source: unknown, { eventPath }: Settings, complain: Witness['complain']): void {
  if (source === 'event') {
    if (target !== eventPath) {
      complain(`a request for ${target} is marked as an event`);
    }
    return;
  }
  if (eventPath === undefined) {
    return;
  }
  const path = target.split('?', 1)[0];
  const readings = [path, posix.normalize(path), parsedPath(target, false), parsedPath(target, true), pathnameOf(target)];
  for (const reading of readings.flatMap((each) => [each ?? '', decode(each ?? ''), decode(decode(each ?? '')), posix.normalize(decode(each ?? '')), pathnameOf(decode(each ?? ''))])) {
    if (reading.toLowerCase() === EVENT_PATH || reading.toLowerCase().startsWith(`${EVENT_PATH}/`)) {
      complain(`the event path as ${target}`);
    }
  }
}

/** What an app reads that still uses `url.parse`. It throws on `//[`, so such an app finds nothing. */
function parsedPath(target: string, slashesDenoteHost: boolean): string | null {
  try {
    return parse(target, false, slashesDenoteHost).pathname;
  } catch {
    return null;
  }
}

function pathnameOf(target: string): string {
  return URL.canParse(target, 'https://app.example') ? new URL(target, 'https://app.example').pathname : '';
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function answer(random: Random, res: ServerResponse): void {
  for (let i = random.below(3); i > 0; i--) {
    res.setHeader(random.pick(NAMES), random.pick(VALUES) as string);
  }
  res.statusCode = random.pick([200, 200, 200, 201, 204, 304, 302, 404, 500, 599, 42, 100, 700]);
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
export function fetchApp(random: Random, settings: Settings, witness: () => Witness) {
  return async (request: Request): Promise<Response> => {
    const { event, complain } = witness();
    for (const name of PLATFORM_NAMES) {
      if (request.headers.get(name) === FORGED && !isSetBy(name, event)) {
        complain(`a forged ${name}`);
      }
    }
    const url = new URL(request.url);
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
      complain(`url ${request.url}`);
    }
    inspectPath(url.pathname, request.headers.get('x-wrapped-web-app-source'), settings, complain);
    if (random.chance(2)) {
      await request.arrayBuffer();
    }
    if (random.chance(10)) {
      return lookAlike(random);
    }
    const headers = new Headers({ 'x-path': encodeURIComponent(url.pathname) });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    const status = random.pick([200, 201, 204, 304, 404, 500]);
    return new Response(status === 204 || status === 304 ? null : random.pick(BODIES), { status, headers });
  };
}

/** An object that has what the runtime reads of a Response, and anything in it. */
function lookAlike(random: Random): Response {
  return {
    status: random.pick([200, 200, 200, 42, NaN, 700, 200.5]),
    statusText: random.pick(['', 'OK', 'O\r\nK', 'O\0K', 'é', undefined, null, 7]),
    headers: new Map<string, unknown>([[random.pick(['x-a', 'X-A', 'x-a\r\nset-cookie', 'bad name', '']), random.pick(['b', 'b\r\nset-cookie: evil=1', 'b\0', 7, 'é', '€'])]]),
    bodyUsed: false,
    body: undefined,
    arrayBuffer: async () => new Uint8Array([65, random.below(256)]).buffer,
  } as never;
}

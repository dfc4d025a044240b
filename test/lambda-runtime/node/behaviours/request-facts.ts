import { EventEmitter } from 'node:events';
import { IncomingMessage, OutgoingMessage, ServerResponse } from 'node:http';
import { Duplex, Readable, Stream, Writable } from 'node:stream';
import { Behaviour, Door } from './behaviour';

/** REST APIs decode the query, which the runtime then encodes again. HTTP APIs decode the path. */
const UNCHANGED_TARGET: Door[] = ['function-url', 'alb'];
/** Payload format 2.0 joins repeated headers and makes their names lower case. */
const SEPARATE_HEADERS: Door[] = ['rest-api', 'alb'];

class OwnRequest extends IncomingMessage {
  public get shout(): string {
    return this.url!.toUpperCase();
  }
}

class OwnResponse<T extends IncomingMessage> extends ServerResponse<T> {
  public say(text: string): void {
    this.end(`said ${text}`);
  }
}

function withoutDoor<T>(headers: NodeJS.Dict<T>): [string, T | undefined][] {
  return Object.entries(headers).filter(([name]) => !name.startsWith('x-forwarded-'));
}

function rawWithoutDoor(raw: string[]): string[] {
  return raw.filter((_, i) => !raw[i - (i % 2)].toLowerCase().startsWith('x-forwarded-'));
}

const REPEATED: [string, string][] = [
  ['x-list', 'one'], ['x-list', 'two'],
  ['cookie', 'a=1'], ['cookie', 'b=2'],
  ['content-type', 'text/plain'], ['content-type', 'text/html'],
  ['authorization', 'first'], ['authorization', 'second'],
  ['user-agent', 'ua1'], ['user-agent', 'ua2'],
  ['referer', '/r1'], ['referer', '/r2'],
  ['set-cookie', 's=1'], ['set-cookie', 's=2'],
  ['accept', 'text/html'], ['accept', '*/*'],
  ['if-none-match', '"a"'], ['if-none-match', '"b"'],
  ['max-forwards', '1'], ['max-forwards', '2'],
];

export const requestFacts: Behaviour[] = [
  {
    name: 'req and res have Node\'s own classes and prototypes',
    app(req, res, { note }) {
      note('req', [req instanceof IncomingMessage, req instanceof Readable, req instanceof Stream, req instanceof EventEmitter]);
      note('res', [res instanceof ServerResponse, res instanceof OutgoingMessage, res instanceof Stream, res instanceof EventEmitter]);
      note('res is a Writable by the looks', [res instanceof Writable, Object.getPrototypeOf(OutgoingMessage.prototype) === Stream.prototype]);
      note('prototypes', [Object.getPrototypeOf(req) === IncomingMessage.prototype, Object.getPrototypeOf(res) === ServerResponse.prototype]);
      note('constructors', [req.constructor.name, res.constructor.name]);
      res.end();
    },
  },
  {
    name: 'the IncomingMessage and ServerResponse options of a server are used',
    options: () => ({ IncomingMessage: OwnRequest, ServerResponse: OwnResponse as typeof ServerResponse }),
    request: { target: '/shouted' },
    app(req, res, { note }) {
      note('classes', [req instanceof OwnRequest, res instanceof OwnResponse]);
      (res as unknown as OwnResponse<IncomingMessage>).say((req as OwnRequest).shout);
    },
  },
  {
    name: 'an app that sets its own prototypes on the messages keeps working',
    app(req, res, { note }) {
      Object.setPrototypeOf(req, Object.create(IncomingMessage.prototype, { extra: { value: 'extra' } }));
      Object.setPrototypeOf(res, Object.create(ServerResponse.prototype, {
        send: { value(this: ServerResponse, text: string) { this.end(text); } },
      }));
      note('extra', (req as any).extra);
      (res as any).setHeader('x-sent', 'yes').send('by a method of its own');
    },
  },
  {
    name: 'req.socket, req.connection, res.socket and res.connection are the same',
    app(req, res, { note, server }) {
      note('same', [req.socket === req.connection, res.socket === req.socket, res.connection === req.socket]);
      note('socket', [req.socket instanceof Duplex, (req.socket as any).server === server, (req.socket as any)._httpMessage === res]);
      res.end();
    },
  },
  {
    name: 'res.req is the request',
    app(req, res, { note }) {
      note('same', res.req === req);
      res.end();
      note('same', res.req === req);
    },
  },
  {
    name: 'method, url and HTTP version come from the request line',
    request: { method: 'DELETE', target: '/items/7' },
    app(req, res, { note }) {
      note('line', [req.method, req.url, req.httpVersion, req.httpVersionMajor, req.httpVersionMinor]);
      res.end();
    },
  },
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].map((method): Behaviour => ({
    name: `${method} reaches the app as ${method}`,
    request: { method },
    app(req, res) {
      res.end(`method ${req.method}`);
    },
  })),
  {
    name: 'percent-encoding of path and query is unchanged',
    request: { target: '/a%20b/%C3%A9/c%2Fd;v=1/~x?q=a%20b+c&q=%2B&e=%E2%82%AC&empty=&bare' },
    doors: UNCHANGED_TARGET.slice(0, 1),
    app: (req, res) => res.end(req.url),
  },
  {
    name: 'a path that begins with two slashes stays a path',
    request: { target: '//evil.example/x' },
    app: (req, res) => res.end(req.url),
  },
  {
    name: 'malformed escapes of the query are unchanged',
    request: { target: '/search?q=%zz&p=100%' },
    doors: UNCHANGED_TARGET,
    app: (req, res) => res.end(req.url),
  },
  {
    name: 'dot segments of the path are not resolved',
    request: { target: '/a/../b/./c' },
    app: (req, res) => res.end(req.url),
  },
  {
    name: 'a repeated query name keeps all its values in order',
    request: { target: '/?tag=one&tag=two&tag=three' },
    app: (req, res) => res.end(req.url),
  },
  {
    name: 'headers have lower-case names and plain text values',
    request: { headers: [['x-one', '1'], ['accept-language', 'de, en;q=0.5'], ['x-empty', '']] },
    app(req, res, { note }) {
      note('headers', withoutDoor(req.headers).sort());
      note('prototype', Object.getPrototypeOf(req.headers) === Object.prototype);
      res.end();
    },
  },
  {
    name: 'rawHeaders keep order, case and repetition',
    request: { headers: [['X-Mixed-Case', 'a'], ['accept', '*/*'], ['X-Twice', '1'], ['X-Twice', '2']] },
    doors: SEPARATE_HEADERS,
    app(req, res, { note }) {
      note('raw', rawWithoutDoor(req.rawHeaders));
      res.end();
    },
  },
  {
    name: 'repeated headers are joined or dropped by Node\'s rules',
    request: { headers: REPEATED },
    doors: SEPARATE_HEADERS,
    app(req, res, { note }) {
      note('headers', withoutDoor(req.headers).filter(([name]) => name !== 'cookie'));
      note('cookie', req.headers.cookie);
      res.end();
    },
  },
  {
    name: 'headersDistinct has each value separately',
    request: { headers: REPEATED.filter(([name]) => name !== 'cookie') },
    doors: SEPARATE_HEADERS,
    app(req, res, { note }) {
      note('distinct', withoutDoor(req.headersDistinct));
      note('prototype', Object.getPrototypeOf(req.headersDistinct) === null);
      note('the same each time', req.headersDistinct === req.headersDistinct);
      res.end();
    },
  },
  {
    name: 'joinDuplicateHeaders joins values that Node otherwise drops',
    options: { joinDuplicateHeaders: true },
    request: { headers: REPEATED },
    doors: SEPARATE_HEADERS,
    app(req, res, { note }) {
      note('headers', withoutDoor(req.headers).filter(([name]) => name !== 'cookie'));
      res.end();
    },
  },
  {
    name: 'names of Object.prototype are valid header names',
    request: { headers: [['constructor', 'c'], ['__proto__', 'p'], ['tostring', 't'], ['hasownproperty', 'h']] },
    doors: ['rest-api', 'alb'],
    app(req, res, { note }) {
      note('headers', ['constructor', 'tostring', 'hasownproperty'].map((name) => req.headers[name]));
      note('prototype', Object.getPrototypeOf(req.headers) === Object.prototype);
      note('raw', rawWithoutDoor(req.rawHeaders).filter((text) => text !== '__proto__' && text !== 'p'));
      res.end();
    },
  },
  {
    name: 'a non-ASCII header arrives as its UTF-8 bytes',
    request: { headers: [['cf-ipcity', 'Zürich'], ['x-name', '日本']] },
    app(req, res, { note }) {
      note('values', [req.headers['cf-ipcity'], req.headers['x-name']]);
      note('decoded', Buffer.from(req.headers['x-name'] as string, 'latin1').toString('utf8'));
      res.end();
    },
  },
  {
    name: 'app code can change the headers that later code sees',
    request: { headers: [['x-one', '1']] },
    app(req, res, { note }) {
      req.headers['x-one'] = 'changed';
      req.headers['x-new'] = 'new';
      delete req.headers.host;
      note('headers', withoutDoor(req.headers).sort());
      req.url = '/rewritten';
      req.method = 'PUT';
      note('line', [req.url, req.method]);
      res.end();
    },
  },
  {
    name: 'trailers are empty for a request without trailers',
    app(req, res, { note }) {
      note('trailers', [req.trailers, req.rawTrailers, req.trailersDistinct]);
      res.end();
    },
  },
  {
    name: 'the state of a new request',
    app(req, res, { note }) {
      note('message', [req.complete, req.aborted, req.statusCode, req.statusMessage, (req as any).upgrade]);
      note('stream', [req.readable, req.readableEnded, req.readableFlowing, req.readableLength, req.readableEncoding, req.readableObjectMode]);
      note('life', [req.destroyed, req.closed, req.errored, req.readableAborted, req.readableDidRead]);
      note('mark', req.readableHighWaterMark);
      res.end();
    },
  },
  {
    name: 'a request is complete once the listener has returned',
    request: { method: 'POST', body: 'body' },
    app(req, res, { note, until }) {
      note('in the listener', req.complete);
      until(new Promise<void>((resolve) => setTimeout(() => {
        note('later', [req.complete, req.aborted]);
        res.end();
        resolve();
      }, 20)));
    },
  },
  {
    name: 'a request has the same public properties as in Node',
    app(req, res, { note }) {
      note('keys', Object.keys(req).filter((key) => !key.startsWith('_')).sort());
      res.end();
    },
  },
  {
    name: 'a response has the same public properties as in Node',
    app(_req, res, { note }) {
      note('keys', Object.keys(res).filter((key) => !key.startsWith('_')).sort());
      res.end();
    },
  },
  {
    name: 'req.signal, if Node has it, when the connection breaks',
    app(req, res, { note }) {
      const { signal } = req as unknown as { signal?: AbortSignal };
      note('signal', [typeof signal, signal?.aborted]);
      signal?.addEventListener('abort', () => note('aborted', (signal.reason as Error).name));
      res.on('close', () => note('closed', signal?.aborted));
      res.destroy();
    },
  },
  {
    name: 'req.signal, if Node has it, after a complete response',
    app(req, res, { note }) {
      const { signal } = req as unknown as { signal?: AbortSignal };
      signal?.addEventListener('abort', () => note('aborted', (signal.reason as Error).name));
      res.on('close', () => setTimeout(() => note('after the close', signal?.aborted), 5));
      res.end('whole');
    },
  },
];

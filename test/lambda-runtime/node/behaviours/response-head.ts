import { Behaviour } from './behaviour';

export const responseHead: Behaviour[] = [
  {
    name: 'a response is 200 OK unless the app says otherwise',
    app(_req, res, { note }) {
      note('before', [res.statusCode, res.statusMessage]);
      res.end('plain');
      note('after', [res.statusCode, res.statusMessage]);
    },
  },
  {
    name: 'statusCode set by the app',
    app(_req, res, { note }) {
      res.statusCode = 418;
      res.end('short and stout');
      note('message', res.statusMessage);
    },
  },
  {
    name: 'statusMessage set by the app',
    app(_req, res) {
      res.statusCode = 503;
      res.statusMessage = 'Closed For Lunch';
      res.end();
    },
  },
  {
    name: 'writeHead with a status',
    app(_req, res, { note }) {
      note('returns itself', res.writeHead(404) === res);
      note('state', [res.headersSent, res.statusCode, res.statusMessage]);
      res.end();
    },
  },
  {
    name: 'writeHead with a reason',
    app(_req, res, { note }) {
      res.writeHead(404, 'Nothing Here');
      note('message', res.statusMessage);
      res.end();
    },
  },
  {
    name: 'writeHead with headers',
    app(_req, res) {
      res.writeHead(201, { 'Content-Type': 'text/plain', 'X-Mixed': 'a', 'x-number': 7, 'set-cookie': ['a=1', 'b=2'] } as any).end('made');
    },
  },
  {
    name: 'writeHead with reason and headers',
    app(_req, res) {
      res.writeHead(201, 'Made', { 'content-type': 'text/plain' }).end('made');
    },
  },
  {
    name: 'writeHead with a flat list',
    app(_req, res, { note }) {
      res.writeHead(200, ['content-type', 'text/plain', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'x-twice', '1', 'x-twice', '2']);
      note('names', res.getHeaderNames());
      res.end('listed');
    },
  },
  {
    name: 'writeHead with a flat list after setHeader',
    app(_req, res, { note }) {
      res.setHeader('x-set', 'by setHeader');
      res.setHeader('x-twice', '0');
      res.setHeader('set-cookie', 'z=0');
      res.writeHead(200, ['content-type', 'text/plain', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'x-twice', '1', 'x-twice', '2']);
      note('headers', res.getHeaders());
      res.end('listed');
    },
  },
  {
    name: 'writeHead with a list of pairs',
    app(_req, res, { attempt }) {
      attempt('writeHead', () => res.writeHead(200, [['content-type', 'text/plain'], ['x-a', '1'], ['x-a', '2'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']] as any) === res);
      res.end('pairs');
    },
  },
  {
    name: 'writeHead with a list of pairs after setHeader',
    app(_req, res, { attempt }) {
      res.setHeader('x-set', 'yes');
      attempt('writeHead', () => res.writeHead(200, [['content-type', 'text/plain'], ['x-a', '1']] as any) === res);
      res.end('pairs');
    },
  },
  {
    name: 'writeHead with a list of odd length',
    app(_req, res, { attempt }) {
      attempt('writeHead', () => res.writeHead(200, ['content-type', 'text/plain', 'x-odd'] as any));
      res.end('odd');
    },
  },
  {
    name: 'writeHead with a list of odd length after setHeader',
    app(_req, res, { attempt }) {
      res.setHeader('x-set', 'yes');
      attempt('writeHead', () => res.writeHead(200, ['content-type', 'text/plain', 'x-odd'] as any));
      res.end('odd');
    },
  },
  {
    name: 'headers of writeHead win over those of setHeader',
    app(_req, res, { note }) {
      res.setHeader('content-type', 'text/html');
      res.setHeader('x-kept', 'kept');
      res.setHeader('X-Changed', 'before');
      res.writeHead(202, { 'Content-Type': 'application/json', 'x-changed': 'after' });
      note('headers', res.getHeaders());
      note('raw names', (res as any).getRawHeaderNames());
      res.end('{}');
    },
  },
  {
    name: 'headers of writeHead alone are not kept for getHeader',
    app(_req, res, { note }) {
      res.writeHead(200, { 'content-type': 'text/plain', 'x-a': 'a' });
      note('headers', [res.getHeader('x-a'), res.getHeaderNames(), res.hasHeader('x-a')]);
      res.end('x');
    },
  },
  {
    name: 'writeHead twice is an error with Node\'s code',
    app(_req, res, { attempt }) {
      res.writeHead(200);
      attempt('second', () => res.writeHead(500));
      res.end('first');
    },
  },
  {
    name: 'writeHead after a write is an error',
    app(_req, res, { attempt }) {
      res.write('first');
      attempt('writeHead', () => res.writeHead(500));
      attempt('setHeader', () => res.setHeader('x-late', '1'));
      attempt('appendHeader', () => res.appendHeader('x-late', '1'));
      attempt('removeHeader', () => res.removeHeader('x-late'));
      attempt('flushHeaders', () => res.flushHeaders());
      res.end();
    },
  },
  {
    name: 'a status set after the head is out changes nothing',
    app(_req, res, { note }) {
      res.writeHead(201);
      res.statusCode = 500;
      note('status', res.statusCode);
      res.end();
    },
  },
  ...[99, 1000, 'abc', Number.NaN, undefined, null, -1].map((status): Behaviour => ({
    name: `writeHead(${status}) is a RangeError`,
    app(_req, res, { attempt, note }) {
      attempt('writeHead', () => res.writeHead(status as never));
      note('sent', res.headersSent);
      res.writeHead(200).end();
    },
  })),
  {
    name: 'writeHead takes a status in text and cuts off fractions',
    app(_req, res, { note }) {
      res.writeHead('404' as never);
      note('status', res.statusCode);
      res.end();
    },
  },
  {
    name: 'an invalid statusCode shows when the head is made',
    app(_req, res, { attempt }) {
      res.statusCode = 12;
      attempt('end', () => res.end('x'));
      res.statusCode = 200;
      res.end('recovered');
    },
  },
  {
    name: 'an invalid reason is an error',
    app(_req, res, { attempt }) {
      attempt('writeHead', () => res.writeHead(200, 'line\r\nbreak'));
      res.statusMessage = 'OK';
      attempt('end', () => res.end('x') === res);
    },
  },
  {
    name: 'flushHeaders sends the head, and the body may follow',
    app(_req, res, { note }) {
      res.setHeader('x-early', '1');
      res.flushHeaders();
      note('sent', res.headersSent);
      setTimeout(() => res.end('late body'), 10);
    },
  },
  {
    name: 'flushHeaders twice is once',
    app(_req, res, { note }) {
      res.flushHeaders();
      res.flushHeaders();
      note('sent', res.headersSent);
      res.end();
    },
  },
  {
    name: 'a single end() gets a content-length of its own',
    app: (_req, res) => res.setHeader('content-type', 'text/plain').end('höchstens'),
  },
  {
    name: 'an empty end() has content-length 0',
    app: (_req, res) => res.end(),
  },
  {
    name: 'a content-length of the app stays',
    app: (_req, res) => res.writeHead(200, { 'content-length': 4, 'content-type': 'text/plain' }).end('four'),
  },
  ...[204, 304].map((status): Behaviour => ({
    name: `${status} has no body, whatever the app writes`,
    app(_req, res, { note }) {
      res.writeHead(status, { etag: '"x"' });
      note('write', res.write('ignored'));
      res.end('ignored too');
    },
  })),
  {
    name: '304 keeps a content-length of the app',
    app: (_req, res) => res.writeHead(304, { 'content-length': '1234', 'etag': '"x"' }).end(),
  },
  {
    name: 'HEAD has no body and the content-length of one',
    request: { method: 'HEAD' },
    app: (_req, res) => res.setHeader('content-type', 'text/plain').setHeader('content-length', 11).end('hello world'),
  },
  {
    name: 'HEAD with an end() alone',
    request: { method: 'HEAD' },
    app(_req, res, { note }) {
      note('write', res.write('hello '));
      res.end('world', () => note('end callback'));
    },
  },
  {
    name: 'HEAD with one end() has no length that the app did not set',
    request: { method: 'HEAD' },
    app: (_req, res) => res.end('hello world'),
  },
  {
    name: 'a redirect keeps its location as the app wrote it',
    app: (_req, res) => res.writeHead(302, { location: '/next?a=%20b#c' }).end(),
  },
  {
    name: 'unusual status codes go through',
    app: (_req, res) => res.writeHead(599, 'Unusual').end('599'),
  },
  ...[205, 226, 299, 402, 451, 511].map((status): Behaviour => ({
    name: `${status} goes through`,
    app: (_req, res) => res.writeHead(status, { 'content-type': 'text/plain' }).end(`status ${status}`),
  })),
  {
    name: 'a body where none may be is an error when the server is told so',
    options: { rejectNonStandardBodyWrites: true },
    app(_req, res, { attempt }) {
      res.writeHead(204);
      attempt('write', () => res.write('x'));
      res.end();
    },
  },
];

import { Behaviour } from './behaviour';

export const responseHead: Behaviour[] = [
  {
    name: 'the default status is 200 OK',
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
    name: 'writeHead with a reason phrase',
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
    name: 'writeHead with a reason phrase and headers',
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
    name: 'headers of writeHead replace those of setHeader',
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
    name: 'getHeader does not return headers of writeHead without setHeader',
    app(_req, res, { note }) {
      res.writeHead(200, { 'content-type': 'text/plain', 'x-a': 'a' });
      note('headers', [res.getHeader('x-a'), res.getHeaderNames(), res.hasHeader('x-a')]);
      res.end('x');
    },
  },
  {
    name: 'a second writeHead throws an error with Node\'s code',
    app(_req, res, { attempt }) {
      res.writeHead(200);
      attempt('second', () => res.writeHead(500));
      res.end('first');
    },
  },
  {
    name: 'writeHead, setHeader and similar methods after a write',
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
    name: 'a status set after writeHead has no effect',
    app(_req, res, { note }) {
      res.writeHead(201);
      res.statusCode = 500;
      note('status', res.statusCode);
      res.end();
    },
  },
  ...[99, 1000, 'abc', Number.NaN, undefined, null, -1].map((status): Behaviour => ({
    name: `writeHead(${status}) throws a RangeError`,
    app(_req, res, { attempt, note }) {
      attempt('writeHead', () => res.writeHead(status as never));
      note('sent', res.headersSent);
      res.writeHead(200).end();
    },
  })),
  {
    name: 'writeHead accepts a status as a string',
    app(_req, res, { note }) {
      res.writeHead('404' as never);
      note('status', res.statusCode);
      res.end();
    },
  },
  {
    name: 'an invalid statusCode throws in end()',
    app(_req, res, { attempt }) {
      res.statusCode = 12;
      attempt('end', () => res.end('x'));
      res.statusCode = 200;
      res.end('recovered');
    },
  },
  {
    name: 'an invalid reason phrase throws an error',
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
    name: 'a second flushHeaders has no effect',
    app(_req, res, { note }) {
      res.flushHeaders();
      res.flushHeaders();
      note('sent', res.headersSent);
      res.end();
    },
  },
  {
    name: 'a single end() adds content-length',
    app: (_req, res) => res.setHeader('content-type', 'text/plain').end('höchstens'),
  },
  {
    name: 'an empty end() adds content-length 0',
    app: (_req, res) => res.end(),
  },
  {
    name: 'a content-length of the app is unchanged',
    app: (_req, res) => res.writeHead(200, { 'content-length': 4, 'content-type': 'text/plain' }).end('four'),
  },
  ...[204, 304].map((status): Behaviour => ({
    name: `${status} has no body, even if the app writes one`,
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
    name: 'HEAD has no body but keeps its content-length',
    request: { method: 'HEAD' },
    app: (_req, res) => res.setHeader('content-type', 'text/plain').setHeader('content-length', 11).end('hello world'),
  },
  {
    name: 'HEAD with write() and end()',
    request: { method: 'HEAD' },
    app(_req, res, { note }) {
      note('write', res.write('hello '));
      res.end('world', () => note('end callback'));
    },
  },
  {
    name: 'HEAD with a single end() has no content-length unless the app sets it',
    request: { method: 'HEAD' },
    app: (_req, res) => res.end('hello world'),
  },
  {
    name: 'the location of a redirect is unchanged',
    app: (_req, res) => res.writeHead(302, { location: '/next?a=%20b#c' }).end(),
  },
  {
    name: 'an unusual status with a reason phrase reaches the client',
    app: (_req, res) => res.writeHead(599, 'Unusual').end('599'),
  },
  ...[205, 226, 299, 402, 451, 511].map((status): Behaviour => ({
    name: `status ${status} reaches the client`,
    app: (_req, res) => res.writeHead(status, { 'content-type': 'text/plain' }).end(`status ${status}`),
  })),
  {
    name: 'rejectNonStandardBodyWrites makes a body with 204 an error',
    options: { rejectNonStandardBodyWrites: true },
    app(_req, res, { attempt }) {
      res.writeHead(204);
      attempt('write', () => res.write('x'));
      res.end();
    },
  },
];

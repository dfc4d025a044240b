import { Behaviour } from './behaviour';

const typed = 'text/plain; charset=utf-8';

export const responseBody: Behaviour[] = [
  {
    name: 'end with text',
    app: (_req, res) => res.setHeader('content-type', typed).end('grün und €'),
  },
  {
    name: 'end with a Buffer that is not text',
    app: (_req, res) => res.setHeader('content-type', 'image/png').end(Buffer.from([0x89, 0x50, 0, 0xff])),
  },
  {
    name: 'end with a Uint8Array that is part of a larger one',
    app: (_req, res) => res.end(new Uint8Array([1, 2, 3, 200, 201, 6]).subarray(2, 5)),
  },
  {
    name: 'end with null and undefined',
    app(_req, res, { attempt }) {
      attempt('end', () => res.end(null as never, undefined as never) === res);
    },
  },
  {
    name: 'end with only a callback',
    app: (_req, res, { note }) => res.end(() => note('called')),
  },
  {
    name: 'end with a chunk and a callback',
    app: (_req, res, { note }) => res.end('chunk', () => note('called')),
  },
  {
    name: 'end with a chunk, an encoding and a callback',
    app: (_req, res, { note }) => res.end('c3a9', 'hex', () => note('called')),
  },
  {
    name: 'end returns the response',
    app(_req, res, { note }) {
      note('same', res.end('x') === res);
    },
  },
  ...(['utf8', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url', 'ucs2', 'utf16le', 'UTF-8', 'HEX'] as BufferEncoding[]).map((encoding): Behaviour => ({
    name: `text in ${encoding} is decoded by write and by end`,
    app(_req, res) {
      const text = { hex: 'c3bcff', HEX: 'c3bcff', base64: 'w7z/', base64url: 'w7z_' }[encoding as string] ?? 'fünf';
      res.setHeader('content-type', 'application/octet-stream');
      res.write(text, encoding);
      res.end(text, encoding);
    },
  })),
  {
    name: 'an unknown encoding is an error or is ignored, as in Node',
    app(_req, res, { attempt }) {
      attempt('write', () => res.write('x', 'klingon' as BufferEncoding));
      res.destroy();
    },
  },
  {
    name: 'text and bytes in many chunks',
    app(_req, res) {
      res.setHeader('content-type', typed);
      res.write('one ');
      res.write(Buffer.from('two '));
      res.write('drei ü ', 'utf8');
      res.write(new Uint8Array([0xe2, 0x82]));
      res.end(new Uint8Array([0xac]));
    },
  },
  {
    name: 'a character that is split between two byte chunks arrives intact',
    app(_req, res) {
      res.setHeader('content-type', typed);
      res.write(Buffer.from([0xf0, 0x9f]));
      res.end(Buffer.from([0x98, 0x80]));
    },
  },
  {
    name: 'a surrogate pair that is split between two text chunks is not joined',
    app(_req, res) {
      res.setHeader('content-type', typed);
      res.write('\ud83d');
      res.end('\ude00');
    },
  },
  {
    name: 'a lone surrogate at the end of a text is replaced',
    app: (_req, res) => res.setHeader('content-type', typed).end('half \ud83d'),
  },
  {
    name: 'a byte order mark is kept',
    app: (_req, res) => res.setHeader('content-type', typed).end('\ufeffmarked'),
  },
  {
    name: 'control characters are kept',
    app: (_req, res) => res.setHeader('content-type', typed).end('a\u0000b\u001b[31m\r\n\t\u2028"\\'),
  },
  {
    name: 'latin1 text with its charset',
    app: (_req, res) => res.setHeader('content-type', 'text/plain; charset=iso-8859-1').end('fünf', 'latin1'),
  },
  {
    name: 'a body with a content-encoding is unchanged',
    app: (_req, res) => res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'zstd' }).end('{"not":"really"}'),
  },
  {
    name: 'a large body in one chunk',
    app: (_req, res) => res.setHeader('content-type', typed).end('0123456789'.repeat(30_000)),
  },
  {
    name: 'a large body in chunks, waiting for drain',
    app(_req, res, { note }) {
      let left = 10;
      let full = 0;
      let drains = 0;
      const more = () => {
        while (left > 0) {
          left--;
          if (!res.write(Buffer.alloc(20_000, left))) {
            full++;
            res.once('drain', () => {
              drains++;
              more();
            });
            return;
          }
        }
        res.end();
        note('waited for every one', full === drains && full > 0);
      };
      res.setHeader('content-type', 'application/octet-stream');
      more();
    },
  },
  {
    name: 'a write above the high-water mark returns false, and drain follows',
    app(_req, res, { note }) {
      note('needs drain', res.writableNeedDrain);
      note('small', res.write('x'));
      note('large', res.write('x'.repeat(100_000)));
      note('needs drain', res.writableNeedDrain);
      res.on('drain', () => {
        note('drain', res.writableNeedDrain);
        res.end();
      });
    },
  },
  {
    name: 'the high-water mark is Node\'s default or the server\'s option',
    options: { highWaterMark: 1024 },
    app(_req, res, { note }) {
      note('mark', [res.writableHighWaterMark, res.writableObjectMode]);
      note('write', res.write('x'.repeat(2000)));
      res.end();
    },
  },
  {
    name: 'callbacks of write and end are called in order',
    app(_req, res, { note, events }) {
      events('res', res, 'finish', 'close');
      res.write('one', () => note('one is out'));
      res.write('two', 'utf8', () => note('two is out'));
      res.end('three', () => note('all is out'));
      note('ended');
    },
  },
  {
    name: 'the callback of a write is called asynchronously',
    app(_req, res, { note }) {
      res.write('one', () => {
        note('out');
        res.end();
      });
      note('after the call');
    },
  },
  {
    name: 'an app may wait for each write\'s callback',
    async app(_req, res, { note }) {
      res.setHeader('content-type', typed);
      for (const piece of ['a', 'b', 'c']) {
        await new Promise<void>((resolve, reject) => res.write(piece, (error) => error ? reject(error) : resolve()));
        note('written', piece);
      }
      res.end();
    },
  },
  {
    name: 'a buffer may be reused after the callback of its write',
    async app(_req, res) {
      const chunk = Buffer.from('first!');
      await new Promise<void>((resolve) => res.write(chunk, () => resolve()));
      chunk.write('second');
      await new Promise<void>((resolve) => res.write(chunk, () => resolve()));
      chunk.write('third!');
      res.end();
    },
  },
  {
    name: 'an empty write is accepted',
    app(_req, res, { note }) {
      note('write', res.write('', () => note('called')));
      note('sent', res.headersSent);
      note('bytes', res.write(Buffer.alloc(0)));
      setTimeout(() => res.end('after it'), 5);
    },
  },
  ...([['null', null], ['undefined', undefined], ['a number', 7], ['an object', { a: 1 }], ['a list', ['a']], ['true', true]] as [string, never][]).map(([what, value]): Behaviour => ({
    name: `write() with ${what} throws an error with Node's code`,
    app(_req, res, { attempt, note }) {
      attempt('write', () => res.write(value));
      note('sent', res.headersSent);
      res.end();
    },
  })),
  ...([['a number', 7], ['an object', { a: 1 }], ['true', true]] as [string, never][]).map(([what, value]): Behaviour => ({
    name: `end() with ${what} throws an error with Node's code`,
    app(_req, res, { attempt, note }) {
      attempt('end', () => res.end(value));
      note('state', [res.headersSent, res.writableEnded]);
      res.end('then properly');
    },
  })),
  {
    name: 'a write after the end emits an error event and passes the error to the callback',
    app(_req, res, { attempt, events, note }) {
      events('res', res, 'error', 'finish', 'close');
      res.end('whole');
      attempt('write', () => res.write('late', (error) => note('callback', error!)));
    },
  },
  {
    name: 'a second end() without arguments is ignored',
    app(_req, res, { note, events }) {
      events('res', res, 'error', 'finish', 'close');
      res.end('once');
      note('second', res.end() === res);
    },
  },
  {
    name: 'a second end() passes an error to its callback',
    app(_req, res, { note, events }) {
      events('res', res, 'error', 'finish', 'close');
      res.end('once', () => note('first'));
      res.end((error?: Error) => note('second', error ?? 'no error'));
      res.on('finish', () => res.end((error?: Error) => note('third', error ?? 'no error')));
    },
  },
  {
    name: 'a second end() with a chunk emits an error event',
    app(_req, res, { note, events }) {
      events('res', res, 'error', 'finish', 'close');
      res.end('once');
      res.end('twice', (error?: Error) => note('callback', error ?? 'no error'));
    },
  },
  {
    name: 'cork delays writes until uncork',
    app(_req, res, { note }) {
      res.setHeader('content-type', typed);
      res.cork();
      res.cork();
      note('corked', res.writableCorked);
      res.write('one ');
      res.write('two ');
      res.uncork();
      note('corked', res.writableCorked);
      setTimeout(() => {
        res.uncork();
        note('corked', res.writableCorked);
        res.end('three');
      }, 5);
    },
  },
  {
    name: 'end() sends corked chunks',
    app(_req, res, { note }) {
      res.cork();
      res.write('one ');
      res.end('two');
      note('corked', res.writableCorked);
    },
  },
  {
    name: 'callbacks of corked writes',
    app(_req, res, { note, events }) {
      events('res', res, 'finish');
      res.cork();
      res.write('one ', () => note('one'));
      res.write('two ', () => note('two'));
      process.nextTick(() => {
        res.uncork();
        res.end('three', () => note('three'));
      });
    },
  },
  {
    name: 'strictContentLength refuses too many bytes',
    app(_req, res, { attempt }) {
      res.strictContentLength = true;
      res.writeHead(200, { 'content-length': 5 });
      attempt('write', () => res.write('12345'));
      attempt('too much', () => res.write('6'));
      res.end();
    },
  },
  {
    name: 'strictContentLength refuses too few bytes in end()',
    app(_req, res, { attempt }) {
      res.strictContentLength = true;
      res.writeHead(200, { 'content-length': 5 });
      res.write('123');
      attempt('end', () => res.end());
      res.end('45');
    },
  },
  {
    name: 'strictContentLength refuses a wrong length in end()',
    app(_req, res, { attempt }) {
      res.strictContentLength = true;
      res.setHeader('content-length', 5);
      attempt('end', () => res.end('too long for it'));
      res.destroy();
    },
  },
  {
    name: 'a content-length smaller than the body',
    app: (_req, res) => res.writeHead(200, { 'content-length': 3, 'content-type': typed }).end('longer than that'),
  },
  {
    name: 'server-sent events in several writes',
    async app(_req, res, { note }) {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      for (let i = 0; i < 3; i++) {
        note('write', res.write(`id: ${i}\ndata: {"n":${i}}\n\n`));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      res.end();
    },
  },
];

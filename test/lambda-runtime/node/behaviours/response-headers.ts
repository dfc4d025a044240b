import { validateHeaderName, validateHeaderValue } from 'node:http';
import { Behaviour } from './behaviour';

export const responseHeaders: Behaviour[] = [
  {
    name: 'headers of setHeader can be read back',
    app(_req, res, { note }) {
      note('returns itself', res.setHeader('X-Mixed-Case', 'a') === res);
      res.setHeader('x-number', 5);
      res.setHeader('x-list', ['1', '2']);
      note('get', [res.getHeader('x-mixed-case'), res.getHeader('X-NUMBER'), res.getHeader('x-list'), res.getHeader('x-none')]);
      note('has', [res.hasHeader('X-LIST'), res.hasHeader('x-none')]);
      note('names', res.getHeaderNames());
      note('raw names', (res as any).getRawHeaderNames());
      note('all', res.getHeaders());
      note('prototype', Object.getPrototypeOf(res.getHeaders()) === null);
      res.end();
    },
  },
  {
    name: 'setHeader replaces a header regardless of letter case',
    app(_req, res, { note }) {
      res.setHeader('X-A', '1');
      res.setHeader('x-a', '2');
      note('raw names', (res as any).getRawHeaderNames());
      res.end();
    },
  },
  {
    name: 'removeHeader removes a header',
    app(_req, res, { note }) {
      res.setHeader('X-Gone', '1');
      res.setHeader('x-kept', '1');
      note('returns', String(res.removeHeader('x-gone')));
      res.removeHeader('x-never-there');
      note('names', res.getHeaderNames());
      res.end();
    },
  },
  {
    name: 'appendHeader adds to existing values',
    app(_req, res, { note }) {
      res.setHeader('x-a', '1');
      note('returns itself', res.appendHeader('X-A', '2') === res);
      res.appendHeader('x-a', ['3', '4']);
      res.appendHeader('set-cookie', 'a=1');
      res.appendHeader('set-cookie', 'b=2');
      note('all', res.getHeaders());
      res.end();
    },
  },
  {
    name: 'setHeaders accepts a Map',
    app(_req, res, { note }) {
      note('returns itself', res.setHeaders(new Map([['x-a', '1'], ['X-B', '2']])) === res);
      note('all', res.getHeaders());
      res.end();
    },
  },
  {
    name: 'setHeaders accepts Headers and keeps cookies separate',
    app(_req, res, { note }) {
      const headers = new Headers({ 'x-a': '1' });
      headers.append('set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
      headers.append('set-cookie', 'b=2');
      headers.append('x-a', '2');
      res.setHeaders(headers);
      note('all', res.getHeaders());
      res.end();
    },
  },
  {
    name: 'setHeaders refuses other types, and calls after the head',
    app(_req, res, { attempt }) {
      attempt('object', () => res.setHeaders({ a: '1' } as never));
      attempt('list', () => res.setHeaders(['a', '1'] as never));
      res.writeHead(200);
      attempt('late', () => res.setHeaders(new Map()));
      res.end();
    },
  },
  {
    name: 'several cookies stay separate',
    app(_req, res) {
      res.setHeader('Set-Cookie', ['session=abc; Path=/; HttpOnly', 'theme=dark; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'empty=']);
      res.end('cookies');
    },
  },
  {
    name: 'a single cookie',
    app: (_req, res) => res.setHeader('set-cookie', 'one=1').end(),
  },
  {
    name: 'headers with a list of values',
    app: (_req, res) => res.setHeader('link', ['</a.css>; rel=preload', '</b.js>; rel=preload']).setHeader('vary', 'accept, origin').end('x'),
  },
  {
    name: 'setHeader refuses invalid names with Node\'s codes',
    app(_req, res, { attempt }) {
      for (const name of ['', 'with space', 'with:colon', 'ünïcode', 'line\nbreak', undefined, null, 7, {}] as any[]) {
        attempt(`setHeader(${JSON.stringify(name)})`, () => res.setHeader(name, 'x'));
      }
      res.end();
    },
  },
  {
    name: 'setHeader refuses invalid values with Node\'s codes',
    app(_req, res, { attempt, note }) {
      for (const value of [undefined, 'line\r\nbreak', 'nul\u0000', '€', ['fine', 'line\nbreak'], [undefined]] as any[]) {
        attempt(`setHeader(${JSON.stringify(value)})`, () => typeof res.setHeader('x-a', value));
      }
      note('names', res.getHeaderNames());
      res.removeHeader('x-a');
      res.end();
    },
  },
  {
    name: 'setHeader converts other types to strings',
    app(_req, res) {
      res.setHeader('x-null', null as never).setHeader('x-true', true as never).setHeader('x-zero', 0).setHeader('x-object', { toString: () => 'text' } as never);
      res.setHeader('x-empty', '').setHeader('x-numbers', [1, 2] as never);
      res.end();
    },
  },
  {
    name: 'setHeader with an empty list sends no header',
    app: (_req, res) => res.setHeader('x-none', []).setHeader('x-some', 'some').end(),
  },
  {
    name: 'appendHeader refuses invalid names and values',
    app(_req, res, { attempt }) {
      attempt('name', () => res.appendHeader('with space', 'x'));
      attempt('value', () => res.appendHeader('x-a', 'line\nbreak'));
      attempt('undefined', () => res.appendHeader('x-a', undefined as never));
      res.end();
    },
  },
  ...([
    ['name', { 'with space': 'x' }],
    ['empty name', { '': 'x' }],
    ['value', { 'x-a': 'line\r\nbreak' }],
    ['undefined value', { 'x-a': undefined }],
    ['value in a list', { 'x-a': ['fine', 'nul\u0000'] }],
    ['value beyond Latin-1', { 'x-a': '日本' }],
    ['name in a flat list', ['with space', 'x']],
    ['value in a flat list', ['x-a', 'line\nbreak']],
  ] as [string, any][]).flatMap(([what, headers]): Behaviour[] => [
    {
      name: `writeHead refuses an invalid ${what}`,
      app(_req, res, { attempt, note }) {
        attempt('writeHead', () => res.writeHead(201, headers));
        note('state', [res.headersSent, res.statusCode]);
        res.destroy();
      },
    },
    {
      name: `writeHead after setHeader refuses an invalid ${what}`,
      app(_req, res, { attempt, note }) {
        res.setHeader('x-set', '1');
        attempt('writeHead', () => res.writeHead(201, headers));
        note('state', [res.headersSent, res.statusCode]);
        res.destroy();
      },
    },
  ]),
  {
    name: 'writeHead converts other types to strings',
    app: (_req, res) => res.writeHead(200, { 'x-null': null, 'x-true': true, 'x-zero': 0, 'x-numbers': [1, 2], 'x-empty': '' } as never).end(),
  },
  {
    name: 'getHeader, hasHeader and removeHeader refuse names that are not strings',
    app(_req, res, { attempt }) {
      attempt('getHeader', () => res.getHeader(undefined as never));
      attempt('hasHeader', () => res.hasHeader(7 as never));
      attempt('removeHeader', () => res.removeHeader(null as never));
      res.end();
    },
  },
  {
    name: 'the date header can be set and removed',
    app(_req, res, { note }) {
      note('sendDate', res.sendDate);
      res.setHeader('date', 'Thu, 01 Jan 2026 00:00:00 GMT');
      note('date', res.getHeader('date'));
      res.removeHeader('date');
      note('sendDate', res.sendDate);
      res.end();
    },
  },
  {
    name: 'connection headers of the app do not affect the body',
    app(_req, res, { note }) {
      res.setHeader('connection', 'close');
      res.setHeader('keep-alive', 'timeout=5');
      note('state', [res.shouldKeepAlive, res.getHeaderNames()]);
      res.end('still whole');
    },
  },
  {
    name: 'transfer-encoding chunked of the app does not affect the body',
    app(_req, res) {
      res.setHeader('transfer-encoding', 'chunked');
      res.write('one ');
      res.end('two');
    },
  },
  {
    name: 'removeHeader of content-length and transfer-encoding does not affect the body',
    app(_req, res) {
      res.removeHeader('content-length');
      res.removeHeader('transfer-encoding');
      res.write('one ');
      res.end('two');
    },
  },
  {
    name: 'arrays and objects of headers are not modified',
    app(_req, res, { note }) {
      const cookies = ['a=1', 'b=2'];
      const headers = { 'set-cookie': cookies, 'content-type': 'text/plain' };
      res.writeHead(200, headers);
      note('kept', [cookies, headers]);
      res.end('x');
    },
  },
  {
    name: 'names of Object.prototype are valid response header names',
    app: (_req, res) => res.setHeader('constructor', 'c').setHeader('toString', 't').setHeader('hasOwnProperty', 'h').end(),
  },
  {
    name: 'uniqueHeaders are joined with a semicolon',
    options: { uniqueHeaders: ['x-unique'] },
    app: (_req, res) => res.setHeader('x-unique', ['a', 'b']).setHeader('x-plain', ['a', 'b']).end(),
  },
  {
    name: 'trailers with valid and invalid names',
    app(_req, res, { attempt }) {
      res.setHeader('trailer', 'x-checksum');
      res.write('body');
      attempt('valid', () => res.addTrailers({ 'x-checksum': 'abc' }));
      attempt('list', () => res.addTrailers([['x-other', '1']]));
      attempt('invalid name', () => res.addTrailers({ 'with space': 'x' }));
      attempt('invalid value', () => res.addTrailers({ 'x-a': 'line\nbreak' }));
      res.end();
    },
  },
  {
    name: 'a trailer header without a chunked body throws an error',
    app(_req, res, { attempt }) {
      res.setHeader('content-length', '4');
      res.setHeader('trailer', 'x-checksum');
      attempt('writeHead', () => res.writeHead(200) === res);
      res.destroy();
    },
  },
  {
    name: 'validateHeaderName and validateHeaderValue throw Node\'s errors',
    app(_req, res, { attempt }) {
      attempt('name', () => validateHeaderName('with space'));
      attempt('value', () => validateHeaderValue('x-a', undefined as never));
      res.end();
    },
  },
];

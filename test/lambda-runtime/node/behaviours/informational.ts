import { Behaviour, RequestSpec } from './behaviour';

const expecting = (value: string): RequestSpec => ({ method: 'POST', headers: [['expect', value]], body: 'payload' });

export const informational: Behaviour[] = [
  {
    name: 'early hints do not change the response',
    app(_req, res, { note }) {
      res.writeEarlyHints({ link: ['</a.css>; rel=preload; as=style', '</b.js>; rel=preload; as=script'] }, () => note('sent'));
      note('head', [res.headersSent, res.statusCode]);
      setTimeout(() => res.end('the response'), 5);
    },
  },
  {
    name: 'early hints with more headers',
    app(_req, res) {
      res.writeEarlyHints({ 'link': '</a.css>; rel=preload', 'x-trace': 'abc' });
      res.end('x');
    },
  },
  {
    name: 'early hints refuse invalid links',
    app(_req, res, { attempt }) {
      attempt('bad link', () => res.writeEarlyHints({ link: 'no link' }));
      attempt('no object', () => res.writeEarlyHints('x' as never));
      attempt('empty list', () => res.writeEarlyHints({ link: [] }));
      attempt('bad name', () => res.writeEarlyHints({ 'link': '</a>; rel=preload', 'with space': 'x' }));
      attempt('bad value', () => res.writeEarlyHints({ 'link': '</a>; rel=preload', 'x-a': 'line\nbreak' }));
      res.end();
    },
  },
  {
    name: 'writeContinue and writeProcessing do not change the response',
    app(_req, res, { note }) {
      res.writeContinue(() => note('continue sent'));
      (res.writeProcessing as Function).call(res, () => note('processing sent'));
      note('head', res.headersSent);
      setTimeout(() => res.end('the response'), 5);
    },
  },
  {
    name: 'writeContinue after the head',
    app(_req, res, { attempt }) {
      res.writeHead(200, { 'content-type': 'text/plain', 'content-length': 1 });
      attempt('writeContinue', () => String(res.writeContinue()));
      res.end('x');
    },
  },
  {
    name: 'Expect: 100-continue is answered by the server, and the app gets the request',
    request: expecting('100-continue'),
    app(req, res, { note }) {
      note('expect', req.headers.expect);
      req.setEncoding('utf8').on('data', (chunk) => note('data', chunk)).on('end', () => res.end('served'));
    },
  },
  {
    name: 'Expect: 100-Continue in another letter case',
    request: expecting('100-Continue'),
    app: (_req, res) => res.end('served'),
  },
  {
    name: 'a checkContinue listener may continue',
    request: expecting('100-continue'),
    setUp: (server, { note }) => server.on('checkContinue', (req, res) => {
      note('checkContinue', req.headers['content-length']);
      res.writeContinue();
      req.setEncoding('utf8').on('data', (chunk) => note('data', chunk)).on('end', () => res.end('continued'));
    }),
    app: (_req, _res, { note }) => note('request is not emitted'),
  },
  {
    name: 'a checkContinue listener may refuse',
    request: expecting('100-continue'),
    setUp: (server) => server.on('checkContinue', (_req, res) => res.writeHead(417, { 'content-type': 'text/plain' }).end('too large')),
    app: (_req, _res, { note }) => note('request is not emitted'),
  },
  {
    name: 'a checkContinue listener may emit the request',
    request: expecting('100-continue'),
    setUp: (server) => server.on('checkContinue', (req, res) => {
      res.writeContinue();
      server.emit('request', req, res);
    }),
    app: (_req, res, { note }) => {
      note('request is emitted');
      res.end('passed on');
    },
  },
  {
    name: 'an expectation that Node does not know is answered with 417',
    request: expecting('200-ok'),
    app: (_req, _res, { note }) => note('request is not emitted'),
  },
  {
    name: 'a checkExpectation listener gets an expectation that Node does not know',
    request: expecting('200-ok'),
    setUp: (server, { note }) => server.on('checkExpectation', (req, res) => {
      note('expectation', req.headers.expect);
      res.writeHead(200, { 'content-type': 'text/plain' }).end('fine with me');
    }),
    app: (_req, _res, { note }) => note('request is not emitted'),
  },
];

import { PassThrough, Readable, Writable, finished, pipeline } from 'node:stream';
import { buffer, json, text } from 'node:stream/consumers';
import { pipeline as pipelinePromise } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Behaviour, RequestSpec } from './behaviour';

const POST: RequestSpec = { method: 'POST', headers: [['content-type', 'text/plain']], body: 'name=value' };
const BINARY: RequestSpec = { method: 'PUT', body: Buffer.from([0, 1, 2, 0x80, 0xc3, 0x28, 0xff]) };
const LARGE: RequestSpec = { method: 'POST', body: 'x'.repeat(300_000) };

export const requestBody: Behaviour[] = [
  {
    name: 'a body arrives in data events with buffers, followed by end',
    request: POST,
    app(req, res, { note }) {
      req.on('data', (chunk) => note('data', chunk));
      req.on('end', () => {
        note('end');
        res.end('read');
      });
    },
  },
  {
    name: 'a binary body arrives byte for byte',
    request: BINARY,
    async app(req, res) {
      res.end(await buffer(req));
    },
  },
  {
    name: 'setEncoding makes data events with text',
    request: { method: 'POST', body: 'grün €' },
    app(req, res, { note }) {
      req.setEncoding('utf8');
      note('encoding', req.readableEncoding);
      let all = '';
      req.on('data', (chunk) => {
        note('type', typeof chunk);
        all += chunk;
      }).on('end', () => res.end(all));
    },
  },
  {
    name: 'setEncoding with hex',
    request: BINARY,
    app(req, res) {
      req.setEncoding('hex');
      let all = '';
      req.on('data', (chunk) => {
        all += chunk;
      }).on('end', () => res.end(all));
    },
  },
  {
    name: 'a body can be iterated over',
    request: POST,
    async app(req, res, { note }) {
      for await (const chunk of req) {
        note('chunk', chunk);
      }
      note('after', [req.readableEnded, req.destroyed, req.complete]);
      res.end('iterated');
    },
  },
  {
    name: 'leaving an iteration early destroys the request, and the app can still answer',
    request: LARGE,
    async app(req, res, { note, events }) {
      events('res', res, 'close', 'finish', 'error');
      for await (const chunk of req) {
        note('chunk', typeof chunk);
        break;
      }
      note('req', [req.destroyed, req.aborted, req.socket]);
      res.end('enough of that');
    },
  },
  {
    name: 'with destroyOnReturn false, leaving an iteration does not destroy the request',
    request: LARGE,
    async app(req, res, { note }) {
      for await (const chunk of req.iterator({ destroyOnReturn: false })) {
        note('chunk', typeof chunk);
        break;
      }
      note('req', req.destroyed);
      res.end('answered all the same');
    },
  },
  {
    name: 'a body waits for a late reader',
    request: POST,
    async app(req, res, { note }) {
      await sleep(30);
      note('state', [req.readableEnded, req.readableFlowing, req.complete]);
      note('body', await text(req));
      res.end();
    },
  },
  {
    name: 'a listener that is added later gets data and end',
    request: POST,
    app(req, res, { note }) {
      setTimeout(() => {
        req.on('data', (chunk) => note('data', chunk));
        req.on('end', () => res.end('late'));
      }, 20);
    },
  },
  {
    name: 'a paused request emits no data until it is resumed',
    request: POST,
    app(req, res, { note }) {
      req.on('data', (chunk) => note('data', chunk));
      req.on('end', () => res.end());
      req.pause();
      note('paused', [req.isPaused(), req.readableFlowing]);
      setTimeout(() => {
        note('resumed');
        req.resume();
      }, 20);
    },
  },
  {
    name: 'readable and read() until null',
    request: POST,
    app(req, res, { note }) {
      let all = '';
      req.on('readable', () => {
        for (let chunk = req.read(); chunk !== null; chunk = req.read()) {
          all += chunk;
        }
      });
      req.on('end', () => {
        note('all', all);
        res.end();
      });
    },
  },
  {
    name: 'read(n) returns n bytes',
    request: POST,
    app(req, res, { note }) {
      req.once('readable', () => {
        note('first', req.read(4));
        note('length', req.readableLength);
        note('second', req.read(1));
        req.unshift(Buffer.from('back'));
        req.on('data', (chunk) => note('data', chunk));
        req.on('end', () => res.end());
      });
    },
  },
  {
    name: 'an empty body ends without data',
    request: { method: 'POST', body: '' },
    app(req, res, { note }) {
      note('length', req.headers['content-length']);
      req.on('data', (chunk) => note('data', chunk));
      req.on('end', () => res.end('nothing came'));
    },
  },
  {
    name: 'a GET without a body ends when it is read',
    async app(req, res, { note }) {
      note('headers', [req.headers['content-length'], req.headers['transfer-encoding']]);
      note('body', await text(req));
      res.end();
    },
  },
  {
    name: 'the body of a GET reaches the app',
    request: { method: 'GET', body: 'unusual' },
    doors: ['function-url', 'http-api', 'rest-api', 'alb'],
    async app(req, res) {
      res.end(await text(req));
    },
  },
  {
    name: 'content-length is the number of bytes, not of characters',
    request: { method: 'POST', body: '€€€' },
    async app(req, res, { note }) {
      note('length', req.headers['content-length']);
      note('read', (await buffer(req)).length);
      res.end();
    },
  },
  {
    name: 'a body can be piped',
    request: POST,
    app(req, res, { events }) {
      const through = new PassThrough();
      events('through', through, 'pipe', 'finish');
      req.pipe(through).pipe(res);
    },
  },
  {
    name: 'a body can be echoed by piping req into res',
    request: LARGE,
    app(req, res, { events }) {
      events('res', res, 'pipe', 'unpipe', 'finish', 'close');
      events('req', req, 'end', 'close');
      req.pipe(res);
    },
  },
  {
    name: 'a body can be the source of a pipeline',
    request: LARGE,
    async app(req, res, { note }) {
      let bytes = 0;
      await pipelinePromise(req, new Writable({
        write(chunk, _encoding, callback) {
          bytes += chunk.length;
          callback();
        },
      }));
      note('bytes', bytes);
      res.end('stored');
    },
  },
  {
    name: 'a pipeline that fails destroys the request, and the app can still answer',
    request: LARGE,
    app(req, res, { note, events }) {
      events('res', res, 'close', 'finish');
      pipeline(req, new Writable({
        write(_chunk, _encoding, callback) {
          callback(new Error('disk is full'));
        },
      }), (error) => {
        note('pipeline', error!);
        note('req', req.destroyed);
        res.statusCode = 507;
        res.end('no space');
      });
    },
  },
  {
    name: 'finished() calls back when the body is read',
    request: POST,
    app(req, res, { note }) {
      finished(req, (error) => {
        note('finished', error ?? 'well');
        res.end();
      });
      req.resume();
    },
  },
  {
    name: 'json() of stream/consumers',
    request: { method: 'POST', headers: [['content-type', 'application/json']], body: '{"a":[1,2,{"b":"ü"}]}' },
    async app(req, res) {
      res.end(JSON.stringify(await json(req)));
    },
  },
  {
    name: 'toArray() of a request',
    request: POST,
    async app(req, res, { note }) {
      note('chunks', (await req.toArray()).length);
      res.end();
    },
  },
  {
    name: 'a body as a web stream',
    request: POST,
    async app(req, res, { note }) {
      const chunks: Buffer[] = [];
      for await (const chunk of Readable.toWeb(req) as any) {
        chunks.push(Buffer.from(chunk));
      }
      note('body', Buffer.concat(chunks));
      res.end();
    },
  },
  {
    name: 'an unread body is read by the server after the response',
    request: POST,
    app(req, res, { note, events }) {
      events('req', req, 'end', 'close', 'error', 'aborted');
      res.on('close', () => setTimeout(() => note('after', [req.readableEnded, req.complete, req.destroyed, req.readableFlowing]), 5));
      res.end('not interested');
    },
  },
  {
    name: 'an unread GET ends after the response too',
    app(req, res, { note, events }) {
      events('req', req, 'end', 'close', 'error', 'aborted');
      res.on('close', () => setTimeout(() => note('after', [req.readableEnded, req.complete, req.destroyed]), 5));
      res.end('not interested');
    },
  },
  {
    name: 'the order of events of a request that is read and answered',
    request: POST,
    app(req, res, { note, events }) {
      events('req', req, 'data', 'end', 'close');
      events('res', res, 'prefinish', 'finish', 'close');
      req.on('end', () => {
        note('answering');
        res.end('done', () => note('end callback'));
      });
    },
  },
  {
    name: 'the order of events of a request that is answered before it is read',
    request: POST,
    app(req, res, { events }) {
      events('req', req, 'resume', 'pause', 'end', 'close');
      events('res', res, 'prefinish', 'finish', 'close');
      res.end('early');
      req.resume();
    },
  },
  {
    name: 'a body can still be read after the response is ended',
    request: POST,
    async app(req, res, { note }) {
      const reading = text(req);
      res.end('answered first');
      note('body', await reading);
    },
  },
  {
    name: 'req.destroy() before an answer closes the connection',
    request: POST,
    app(req, res, { note, events }) {
      events('req', req, 'aborted', 'error', 'close', 'end');
      events('res', res, 'finish', 'close', 'error');
      note('returns itself', req.destroy() === req);
      note('state', [req.destroyed, req.aborted, req.readableAborted]);
    },
  },
  {
    name: 'req.destroy(error) emits the error to listeners',
    request: POST,
    app(req, res, { note, events }) {
      events('req', req, 'aborted', 'error', 'close');
      events('res', res, 'finish', 'close', 'error');
      req.destroy(new Error('bad upload'));
      note('errored', req.errored!);
    },
  },
  {
    name: 'req.destroy() after the body was read does not affect the response',
    request: POST,
    async app(req, res, { note, events }) {
      events('res', res, 'finish', 'close', 'error');
      await text(req);
      req.destroy();
      note('state', [req.destroyed, req.aborted]);
      res.end('answered');
    },
  },
  {
    name: 'a second read of the body fails or returns nothing, as in Node',
    request: POST,
    async app(req, res, { note }) {
      note('first', await text(req));
      try {
        note('second', await text(req));
      } catch (error) {
        note('second fails', error);
      }
      res.end();
    },
  },
];

import { createReadStream } from 'node:fs';
import { PassThrough, Readable, finished, pipeline } from 'node:stream';
import { finished as finishedPromise, pipeline as pipelinePromise } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Behaviour } from './behaviour';

export const streams: Behaviour[] = [
  {
    name: 'a readable can be piped into the response',
    app(_req, res, { events }) {
      events('res', res, 'pipe', 'unpipe', 'finish', 'close');
      res.setHeader('content-type', 'text/plain');
      Readable.from(['one ', 'two ', 'three']).pipe(res);
    },
  },
  {
    name: 'a file can be piped into the response',
    app(_req, res) {
      res.setHeader('content-type', 'application/octet-stream');
      createReadStream(process.execPath, { start: 0, end: 199_999 }).pipe(res);
    },
  },
  {
    name: 'after a pipe with end: false the app can continue to write',
    app(_req, res) {
      const source = Readable.from(['piped ']);
      source.pipe(res, { end: false });
      source.on('end', () => res.end('and written'));
    },
  },
  {
    name: 'a response cannot be the source of a pipe',
    app(_req, res, { attempt, events }) {
      events('res', res, 'error');
      attempt('pipe', () => res.pipe(new PassThrough()));
      res.end();
    },
  },
  {
    name: 'pipeline ends the response and calls back',
    app(_req, res, { note, events }) {
      events('res', res, 'finish', 'close');
      res.setHeader('content-type', 'text/plain');
      pipeline(Readable.from(['a', 'b']), res, (error) => note('pipeline', error ?? 'well'));
    },
  },
  {
    name: 'pipeline as a promise, through gzip',
    async app(_req, res, { note }) {
      res.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      await pipelinePromise(Readable.from([Buffer.alloc(50_000, 'z')]), createGzip(), res);
      note('done', [res.writableEnded, res.writableFinished]);
    },
  },
  {
    name: 'a pipeline whose source fails before the first byte breaks the connection',
    app(_req, res, { note, events, until }) {
      events('res', res, 'finish', 'close', 'error');
      const source = new Readable({
        read() {
          this.destroy(new Error('source is gone'));
        },
      });
      until(new Promise<void>((resolve) => pipeline(source, res, (error) => {
        note('pipeline', error!);
        note('res', [res.destroyed, res.headersSent]);
        resolve();
      })));
    },
  },
  {
    name: 'a pipeline whose source fails midway breaks the connection',
    app(_req, res, { note, events, until }) {
      events('res', res, 'finish', 'close', 'error');
      async function* source() {
        yield 'first ';
        await new Promise((resolve) => setTimeout(resolve, 10));
        throw new Error('source broke');
      }
      until(new Promise<void>((resolve) => pipeline(source, res, (error) => {
        note('pipeline', error!);
        resolve();
      })));
    },
  },
  {
    name: 'finished() of a complete response',
    app(_req, res, { note, until }) {
      until(new Promise<void>((resolve) => finished(res, (error) => {
        note('finished', error ?? 'well');
        resolve();
      })));
      res.end('x');
    },
  },
  {
    name: 'finished() of a response that is already complete',
    app(_req, res, { note, until }) {
      res.end('x');
      until(new Promise<void>((resolve) => res.on('close', () => setTimeout(() => finished(res, (error) => {
        note('finished', error ?? 'well');
        resolve();
      }), 1))));
    },
  },
  {
    name: 'finished() of a destroyed response fails with a premature close',
    app(_req, res, { note, until }) {
      until(finishedPromise(res).then(() => note('finished'), (error) => note('finished', error)));
      res.write('half');
      setTimeout(() => res.destroy(), 10);
    },
  },
  {
    name: 'finished() of a request whose connection breaks',
    request: { method: 'POST', body: 'unread' },
    app(req, res, { note, until }) {
      until(finishedPromise(req).then(() => note('finished'), (error) => note('finished', error)));
      setTimeout(() => res.destroy(), 10);
    },
  },
  {
    name: 'a web stream can be written to the response by iterating over it',
    async app(_req, res) {
      const source = new Blob(['from ', 'a ', 'blob']).stream();
      res.setHeader('content-type', 'text/plain');
      for await (const chunk of source as any) {
        res.write(chunk);
      }
      res.end();
    },
  },
  {
    name: 'a fast source is slowed down by the response',
    app(_req, res, { note }) {
      let pulled = 0;
      const source = new Readable({
        highWaterMark: 16_384,
        read() {
          this.push(++pulled > 20 ? null : Buffer.alloc(16_384, 64 + pulled));
        },
      });
      source.pipe(res);
      note('pulled ahead', pulled < 20);
      res.on('finish', () => note('pulled', pulled));
    },
  },
];

import { ServerResponse } from 'node:http';
import { Behaviour, Observer } from './behaviour';

function state(res: ServerResponse): unknown {
  const { headersSent, finished, writableEnded, writableFinished, writable, writableCorked, writableNeedDrain } = res;
  const { destroyed, closed, errored, shouldKeepAlive } = res as any;
  return {
    ...{ headersSent, finished, writableEnded, writableFinished, writable, writableCorked, writableNeedDrain },
    ...{ destroyed, closed, errored, shouldKeepAlive },
    socket: res.socket !== null,
  };
}

function watch(res: ServerResponse, { note }: Observer, ...events: string[]): void {
  events.forEach((event) => res.on(event, () => note(event, state(res))));
}

export const responseState: Behaviour[] = [
  {
    name: 'the state of a response from the first header to close',
    app(_req, res, observer) {
      const { note } = observer;
      watch(res, observer, 'prefinish', 'finish', 'close');
      note('new', state(res));
      res.setHeader('x-a', '1');
      note('with a header', state(res));
      res.writeHead(200);
      note('with a head', state(res));
      res.write('one');
      note('with a body', state(res));
      res.end('two');
      note('ended', state(res));
      process.nextTick(() => note('a tick later', state(res)));
    },
  },
  {
    name: 'the state of a response with a single end()',
    app(_req, res, observer) {
      watch(res, observer, 'prefinish', 'finish', 'close');
      res.end('all at once');
      observer.note('ended', state(res));
    },
  },
  {
    name: 'the state of a response without a body',
    app(_req, res, observer) {
      watch(res, observer, 'prefinish', 'finish', 'close');
      res.writeHead(204).end();
      observer.note('ended', state(res));
    },
  },
  {
    name: 'the state of a response that ends later',
    app(_req, res, observer) {
      watch(res, observer, 'prefinish', 'finish', 'close');
      res.write('one');
      setTimeout(() => {
        observer.note('later', state(res));
        res.end('two');
        observer.note('ended', state(res));
      }, 20);
    },
  },
  {
    name: 'the state of a response that is destroyed',
    app(_req, res, observer) {
      watch(res, observer, 'prefinish', 'finish', 'close', 'error');
      observer.note('same', res.destroy() === res);
      observer.note('destroyed', state(res));
    },
  },
  {
    name: 'writableLength is 0 before and after',
    app(_req, res, { note }) {
      note('before', res.writableLength);
      res.on('finish', () => note('finish', res.writableLength));
      res.on('close', () => note('close', res.writableLength));
      res.end('x');
    },
  },
  {
    name: 'writableLength counts corked bytes',
    app(_req, res, { note }) {
      res.writeHead(200, { 'content-length': 6 });
      res.cork();
      res.write('123');
      note('corked', res.writableLength > 0);
      res.end('456');
    },
  },
  {
    name: 'the order of prefinish, finish, close and callbacks',
    app(_req, res, { note, events }) {
      events('res', res, 'prefinish', 'finish', 'close');
      res.end('x', () => note('callback'));
      process.nextTick(() => note('tick'));
      setImmediate(() => note('immediate'));
      void Promise.resolve().then(() => note('microtask'));
      note('returned');
    },
  },
  {
    name: 'listeners of finish and close can be added after end()',
    app(_req, res, { events }) {
      res.end('x');
      events('res', res, 'finish', 'close');
    },
  },
  {
    name: 'work that a finish listener starts is completed',
    app(_req, res, { note, until }) {
      res.on('finish', () => until(new Promise<void>((resolve) => setTimeout(() => {
        note('after the response');
        resolve();
      }, 10))));
      res.end('x');
    },
  },
  {
    name: 'res.socket is null after finish',
    app(req, res, { note }) {
      res.on('finish', () => note('finish', [res.socket === null, req.socket !== null]));
      res.on('close', () => note('close', [res.socket === null, req.socket !== null, req.socket.destroyed]));
      res.end();
      note('ended', res.socket !== null);
    },
  },
  {
    name: 'properties that an app adds to req and res are kept',
    app(req, res, { note }) {
      (req as any).user = { id: 7 };
      (res as any).locals = { title: 'home' };
      res.on('close', () => note('locals', [(req as any).user, (res as any).locals]));
      res.end();
    },
  },
  {
    name: 'writeHead, write and end are called when an app replaces them',
    app(_req, res, { note }) {
      const { writeHead, write, end } = res;
      res.writeHead = function (this: ServerResponse, ...parameters: any[]) {
        note('writeHead', parameters);
        this.setHeader('x-at-the-last-moment', '1');
        return (writeHead as Function).apply(this, parameters);
      } as never;
      res.write = function (this: ServerResponse, chunk: any, ...rest: any[]) {
        note('write', String(chunk));
        return (write as Function).call(this, String(chunk).toUpperCase(), ...rest);
      } as never;
      res.end = function (this: ServerResponse, chunk: any, ...rest: any[]) {
        note('end', chunk === undefined ? 'nothing' : String(chunk));
        return (end as Function).call(this, chunk && String(chunk).toUpperCase(), ...rest);
      } as never;
      res.write('one ');
      res.end('two');
    },
  },
  {
    name: 'headers set in a replaced writeHead are sent with a single end()',
    app(_req, res) {
      const { writeHead } = res;
      res.writeHead = function (this: ServerResponse, ...parameters: any[]) {
        this.setHeader('x-time', '5');
        return (writeHead as Function).apply(this, parameters);
      } as never;
      res.end('only ended');
    },
  },
];

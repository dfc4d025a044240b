import { Behaviour } from './behaviour';

export const brokenConnections: Behaviour[] = [
  {
    name: 'res.destroy() before the head',
    app(req, res, { events, note }) {
      events('req', req, 'aborted', 'error', 'close', 'end');
      events('res', res, 'finish', 'close', 'error');
      res.destroy();
      note('state', [res.destroyed, req.destroyed, res.headersSent, req.socket.destroyed]);
    },
  },
  {
    name: 'res.destroy() after a part of the body',
    app(req, res, { events }) {
      events('req', req, 'aborted', 'error', 'close', 'end');
      events('res', res, 'finish', 'close', 'error');
      res.write('half');
      setTimeout(() => res.destroy(), 10);
    },
  },
  {
    name: 'res.destroy() after the end but before finish',
    app(_req, res, { events, note }) {
      events('res', res, 'prefinish', 'finish', 'close', 'error');
      res.on('finish', () => {
        res.destroy();
        note('state', [res.destroyed, res.writableFinished]);
      });
      res.end('whole');
    },
  },
  {
    name: 'res.destroy() after the response is closed does nothing',
    app(_req, res, { events, note }) {
      events('res', res, 'finish', 'close', 'error');
      res.on('close', () => note('same', res.destroy() === res));
      res.end('whole');
    },
  },
  {
    name: 'res.destroy(error) keeps the error',
    app(req, res, { events, note }) {
      events('req', req, 'aborted', 'error', 'close');
      events('res', res, 'finish', 'close', 'error');
      res.destroy(new Error('the app gave up'));
      note('errored', (res as any).errored);
    },
  },
  {
    name: 'a second res.destroy() has no effect',
    app(_req, res, { events, note }) {
      events('res', res, 'close', 'error');
      res.destroy();
      note('same', res.destroy() === res);
    },
  },
  {
    name: 'write() and end() after destroy',
    app(_req, res, { events, attempt, note }) {
      events('res', res, 'close', 'error', 'finish');
      res.destroy();
      attempt('setHeader', () => typeof res.setHeader('x-a', '1'));
      attempt('write', () => res.write('late', (error) => note('write callback', error ?? 'no error')));
      attempt('end', () => res.end('late', (error?: Error) => note('end callback', error ?? 'no error')) === res);
    },
  },
  {
    name: 'write() and end() after the connection is closed',
    app(_req, res, { events, attempt, note, until }) {
      events('res', res, 'error', 'finish');
      until(new Promise<void>((resolve) => res.on('close', () => setTimeout(() => {
        attempt('write', () => res.write('late', (error) => note('write callback', error ?? 'no error')));
        attempt('end', () => res.end('late', (error?: Error) => note('end callback', error ?? 'no error')) === res);
        note('state', [res.writableEnded, res.writableFinished, res.headersSent]);
        setTimeout(resolve, 10);
      }, 5))));
      res.destroy();
    },
  },
  {
    name: 'req.destroy() after a part of the body',
    app(req, res, { events }) {
      events('req', req, 'aborted', 'error', 'close');
      events('res', res, 'finish', 'close', 'error');
      res.write('half');
      setTimeout(() => req.destroy(), 10);
    },
  },
  {
    name: 'socket.destroy() breaks the response',
    app(req, res, { events, note }) {
      events('req', req, 'aborted', 'error', 'close');
      events('res', res, 'finish', 'close', 'error');
      events('socket', req.socket, 'close');
      req.socket.destroy();
      note('state', [req.socket.destroyed, res.destroyed, req.destroyed]);
    },
  },
  {
    name: 'socket.resetAndDestroy() breaks the response',
    app(req, res, { events, note }) {
      events('req', req, 'aborted', 'close');
      events('res', res, 'finish', 'close');
      note('same', req.socket.resetAndDestroy() === req.socket);
      note('destroyed', req.socket.destroyed);
    },
  },
  ...(['req.destroy()', 'req.socket.destroy()', 'req.socket.end()', 'req.socket.destroySoon()', 'res.destroy()'] as const).map((call): Behaviour => ({
    name: `${call} right after end() does not affect the response`,
    request: { method: 'POST', body: 'too much' },
    app(req, res, { events }) {
      events('res', res, 'finish', 'close', 'error');
      res.writeHead(413, { 'content-type': 'text/plain' }).end('too large');
      ({
        'req.destroy()': () => req.destroy(),
        'req.socket.destroy()': () => req.socket.destroy(),
        'req.socket.end()': () => req.socket.end(),
        'req.socket.destroySoon()': () => req.socket.destroySoon(),
        'res.destroy()': () => res.destroy(),
      })[call]();
    },
  })),
  {
    name: 'a broken connection after the request body was read',
    request: { method: 'POST', body: 'read' },
    app(req, res, { events }) {
      events('req', req, 'aborted', 'error', 'close', 'end');
      events('res', res, 'close');
      req.resume();
      req.on('end', () => setTimeout(() => res.destroy(), 5));
    },
  },
  {
    name: 'a broken connection without listeners throws no exception',
    request: { method: 'POST', body: 'unread' },
    app(_req, res) {
      res.destroy();
    },
  },
  {
    name: 'a broken connection with an error and without listeners throws no exception',
    app(_req, res) {
      res.destroy(new Error('nobody listens'));
    },
  },
  {
    name: 'an app can answer after a setHeader that threw',
    app(_req, res, { note }) {
      try {
        res.setHeader('x-a', 'line\nbreak');
      } catch (error) {
        note('caught', error);
        res.statusCode = 500;
        res.end('sorry');
      }
    },
  },
];

import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Behaviour } from './behaviour';

export const connection: Behaviour[] = [
  {
    name: 'addresses, ports and byte counts of a connection',
    app(req, res, { note }) {
      const { socket } = req;
      note('address', [socket.remoteAddress, socket.remoteFamily, typeof socket.remotePort]);
      note('own address', [typeof socket.localAddress, typeof socket.localPort, Object.keys(socket.address()).sort()]);
      note('counts', [typeof socket.bytesRead, typeof socket.bytesWritten]);
      res.end();
    },
  },
  {
    name: 'req.socket is a Duplex and a net.Socket',
    app(req, res, { note }) {
      note('a Duplex', req.socket instanceof Duplex);
      note('a net.Socket', req.socket instanceof Socket);
      res.end();
    },
  },
  {
    name: 'the state of a connection during a request',
    app(req, res, { note }) {
      const { socket } = req;
      note('stream', [socket instanceof Duplex, socket.readable, socket.writable, socket.destroyed, socket.closed, socket.errored]);
      note('socket', [socket.connecting, socket.pending, socket.readyState, socket.timeout]);
      res.on('close', () => note('after', [socket.destroyed, socket.writable]));
      res.end();
    },
  },
  {
    name: 'methods that configure a connection return it',
    app({ socket }, res, { note }) {
      note('same', [socket.setNoDelay(true), socket.setKeepAlive(true, 1000), socket.ref(), socket.unref(), socket.setTimeout(0)].map((each) => each === socket));
      res.end();
    },
  },
  {
    name: 'listeners can be added to a connection and removed',
    app({ socket }, res, { note }) {
      const listener = () => note('never');
      const before = socket.listenerCount('close');
      socket.on('close', listener).once('error', listener).on('timeout', listener).on('drain', listener);
      note('more', socket.listenerCount('close') - before);
      socket.off('close', listener).off('error', listener).off('timeout', listener).off('drain', listener);
      note('as before', socket.listenerCount('close') - before);
      res.end();
    },
  },
  {
    name: 'a connection stays open after its response',
    app({ socket }, res, { note, events }) {
      events('socket', socket, 'close', 'end', 'finish');
      res.on('close', () => setTimeout(() => note('open', !socket.destroyed), 5));
      res.end('x');
    },
  },
  {
    name: 'socket.setTimeout with a callback does not end the response',
    app({ socket }, res, { note }) {
      socket.setTimeout(15, () => {
        note('timed out', socket.timeout);
        res.end('in the end');
      });
    },
  },
  {
    name: 'res.setTimeout with a callback does not end the response',
    app(_req, res, { note, events }) {
      events('res', res, 'close', 'finish');
      note('same', res.setTimeout(15, () => {
        note('timed out');
        res.statusCode = 503;
        res.end('too slow');
      }) === res);
    },
  },
  {
    name: 'res.setTimeout without a listener closes the connection',
    app(req, res, { events }) {
      events('req', req, 'aborted', 'error', 'close');
      events('res', res, 'close', 'finish');
      res.setTimeout(15);
    },
  },
  {
    name: 'req.setTimeout with a callback does not end the response',
    app(req, res, { note }) {
      note('same', req.setTimeout(15, () => {
        note('timed out');
        res.end('too slow');
      }) === req);
    },
  },
  {
    name: 'a timeout listener on the response keeps the connection open',
    app(_req, res, { note }) {
      res.setTimeout(10);
      res.on('timeout', (socket) => {
        note('timeout', socket === res.socket);
        res.end('kept');
      });
    },
  },
  {
    name: 'server.setTimeout calls its callback',
    setUp: (server, { note }) => server.setTimeout(15, (socket) => {
      note('server timeout', typeof socket.remoteAddress);
      (socket as any)._httpMessage.end('from the server');
    }),
    app(req, _res, { note }) {
      note('timeout', req.socket.timeout);
    },
  },
  {
    name: 'a timeout that is set to 0 is not emitted',
    app(_req, res, { note }) {
      res.setTimeout(15, () => note('never'));
      res.setTimeout(0);
      setTimeout(() => res.end('in time'), 40);
    },
  },
  {
    name: 'no timeout is emitted after the response is sent',
    app(_req, res, { events }) {
      events('res', res, 'timeout', 'close');
      res.setTimeout(10);
      res.end('in time');
    },
  },
  {
    name: 'no timeout is emitted while the app keeps writing',
    async app(_req, res, { events }) {
      events('res', res, 'timeout', 'close');
      res.setTimeout(500);
      for (let i = 0; i < 5; i++) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        res.write(`${i}`);
      }
      res.end();
    },
  },
  {
    name: 'several listeners of the server see the same request',
    setUp: (server, { note }) => server.on('request', (req, res) => {
      note('second listener', [req.url, res.writableEnded]);
    }),
    app(_req, res) {
      res.end('by the first');
    },
  },
  {
    name: 'a listener that returns nothing and answers later',
    app(_req, res) {
      setTimeout(() => res.end('later'), 20);
    },
  },
  {
    name: 'a listener is called with the server as `this`',
    setUp: (server, { note }) => {
      server.prependListener('request', function (this: unknown) {
        note('this', this === server);
      });
    },
    app: (_req, res) => res.end(),
  },
];

// An app that fails in every way there is; `node:http` alone, so that no framework catches anything.
const { EventEmitter } = require('node:events');

const later = (action) => setTimeout(action, 10);

const ROUTES = {
  '/ok': (_req, res) => res.end(`served by ${process.pid}`),
  '/sync-throw': () => {
    throw new Error('thrown at once');
  },
  '/async-throw': async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error('thrown after a while');
  },
  '/throw-in-timer': () => later(() => {
    throw new Error('thrown in a timer');
  }),
  '/throw-in-tick': () => process.nextTick(() => {
    throw new Error('thrown in a tick');
  }),
  '/throw-in-end-listener': (req) => req.resume().on('end', () => {
    throw new Error('thrown in a listener');
  }),
  '/throw-after-head': (_req, res) => {
    res.writeHead(200);
    res.write('half');
    throw new Error('thrown after the head');
  },
  '/unhandled-rejection': () => {
    void Promise.reject(new Error('rejected and forgotten'));
  },
  '/rejects-with-nothing': () => {
    void Promise.reject();
  },
  '/throws-odd-value': () => {
    throw Object.create(null);
  },
  '/error-event': () => later(() => new EventEmitter().emit('error', new Error('an event without a listener'))),
  '/stack-overflow': () => {
    const down = () => down() + 1;
    return down();
  },
  '/never': () => undefined,
  '/half': (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/plain' });
    res.write('half');
  },
  '/destroy': (_req, res) => res.destroy(),
  '/destroy-with-error': (_req, res) => res.destroy(new Error('the app gave up')),
  '/destroy-half': (_req, res) => {
    res.write('half');
    later(() => res.destroy());
  },
  '/too-large': (_req, res) => res.setHeader('content-type', 'application/octet-stream').end(Buffer.alloc(5_000_000, 0xff)),
  '/megabyte': (_req, res) => res.setHeader('content-type', 'text/plain').end('x'.repeat(1_200_000)),
  '/large-header': (_req, res) => res.setHeader('x-large', 'x'.repeat(11_000)).end('ok'),
  '/invalid-header': (_req, res) => res.setHeader('x-bad', 'line\r\nbreak').end('ok'),
  '/invalid-status': (_req, res) => res.writeHead(42).end('ok'),
  '/late-throw': (_req, res) => {
    res.end('answered');
    later(() => {
      throw new Error('thrown after the answer');
    });
  },
  '/throw-in-finish': (_req, res) => {
    res.on('finish', () => {
      throw new Error('thrown in finish');
    });
    res.end('answered');
  },
  '/throw-in-end-callback': (_req, res) => {
    res.setHeader('content-length', 8);
    res.end('answered', () => {
      throw new Error('thrown in the callback of end');
    });
  },
  '/late-rejection': (_req, res) => {
    res.end('answered');
    later(() => Promise.reject(new Error('rejected after the answer')));
  },
  '/write-after-end': (_req, res) => {
    res.end('answered');
    res.write('late');
  },
  '/exit': () => process.exit(3),
  '/exit-later': () => later(() => process.exit(0)),
};

module.exports = (req, res) => {
  const route = ROUTES[req.url];
  if (route === undefined) {
    return res.writeHead(404).end('no such fault');
  }
  return route(req, res);
};

// An app whose responses come in pieces.
const { setTimeout: sleep } = require('node:timers/promises');

const BLOCK = Buffer.alloc(64 * 1024, 'b');

const ROUTES = {
  '/ok': (_req, res) => res.end(`served by ${process.pid}`),
  '/pieces': async (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'], 'x-multi': ['one', 'two'] });
    for (const piece of ['first ', 'second ', 'third']) {
      res.write(piece);
      await sleep(200);
    }
    res.end();
  },
  '/events': async (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    for (let i = 0; i < 4; i++) {
      res.write(`id: ${i}\nevent: tick\ndata: {"n":${i}}\n\n`);
      await sleep(100);
    }
    res.end();
  },
  '/tokens': async (_req, res) => {
    res.setHeader('content-type', 'text/plain; charset=utf-8');
    for (const token of 'Streaming is how a model’s answer reaches its reader word by word'.split(' ')) {
      res.write(`${token} `);
      await sleep(40);
    }
    res.end();
  },
  '/head-first': async (_req, res) => {
    res.writeHead(202, { 'content-type': 'text/plain' }).flushHeaders();
    await sleep(150);
    res.end('body');
  },
  '/empty': (_req, res) => res.writeHead(204).end(),
  '/nothing': (_req, res) => res.end(),
  '/not-modified': (_req, res) => res.writeHead(304, { etag: '"x"' }).end(),
  '/large-header': (_req, res) => res.setHeader('x-large', 'x'.repeat(11_000)).end('ok'),
  '/large': async (_req, res) => {
    let waits = 0;
    res.setHeader('content-type', 'application/octet-stream');
    for (let i = 0; i < 320; i++) {
      if (!res.write(BLOCK)) {
        waits++;
        await new Promise((resolve) => res.once('drain', resolve));
      }
      if (i === 100 || i === 319) {
        console.info(`wrote ${i + 1} blocks, waited ${waits > 0 ? 'for drain' : 'never'}`);
      }
    }
    res.end();
  },
  '/throws-before': () => {
    throw new Error('before the first byte');
  },
  '/rejects-before': async () => {
    await sleep(5);
    throw new Error('before the first byte');
  },
  '/throws-after': async (_req, res) => {
    res.write('half');
    await sleep(50);
    throw new Error('after the first byte');
  },
  '/timer-throws-after': (_req, res) => {
    res.write('half');
    setTimeout(() => {
      throw new Error('after the first byte');
    }, 50);
  },
  '/destroys-before': (_req, res) => res.destroy(),
  '/destroys-after': (_req, res) => {
    res.write('half');
    setTimeout(() => res.destroy(), 50);
  },
  '/never': () => undefined,
  '/half-never': (_req, res) => res.write('half'),
  '/endless': async (req, res) => {
    let closed = false;
    res.on('close', () => {
      closed = true;
      console.info('the app heard that the client left');
    });
    for (let i = 0; i < 50 && !closed; i++) {
      res.write(`${i} `.repeat(1000));
      await sleep(10);
    }
    res.end();
  },
  '/endless-at-once': (_req, res) => {
    for (;;) {
      res.write(BLOCK);
    }
  },
  '/exit': (_req, res) => {
    res.write('half');
    setTimeout(() => process.exit(1), 20);
  },
};

module.exports = (req, res) => ROUTES[req.url](req, res);

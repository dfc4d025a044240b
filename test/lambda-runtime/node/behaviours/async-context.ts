import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { Behaviour } from './behaviour';

const storage = new AsyncLocalStorage<string>();

export const asyncContext: Behaviour[] = [
  {
    name: 'AsyncLocalStorage is kept across awaits and timers of the app',
    app(_req, res, { note }) {
      return storage.run('mine', async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        note('after a timer', storage.getStore());
        await Promise.resolve();
        note('after a microtask', storage.getStore());
        res.end('x');
      });
    },
  },
  {
    name: 'AsyncLocalStorage is kept in callbacks of write and end, and in finish',
    app(_req, res, { note }) {
      storage.run('mine', () => {
        res.on('finish', () => note('finish', storage.getStore()));
        res.write('one', () => note('write callback', storage.getStore()));
        res.end('two', () => note('end callback', storage.getStore()));
      });
    },
  },
  {
    name: 'AsyncLocalStorage is kept while the app iterates over the body',
    request: { method: 'POST', body: 'abc' },
    app(req, res, { note }) {
      return storage.run('mine', async () => {
        for await (const chunk of req) {
          note('chunk', [chunk.length, storage.getStore()]);
        }
        note('after', storage.getStore());
        res.end();
      });
    },
  },
  {
    name: 'AsyncResource.bind keeps the context for events of the body',
    request: { method: 'POST', body: 'abc' },
    app(req, res, { note }) {
      storage.run('mine', () => {
        req.on('data', AsyncResource.bind(() => note('data', storage.getStore())));
        req.on('end', AsyncResource.bind(() => {
          note('end', storage.getStore());
          res.end();
        }));
      });
    },
  },
  {
    name: 'enterWith has no effect outside its request',
    app(_req, res, { note }) {
      note('before', storage.getStore() ?? 'nothing');
      storage.enterWith('entered');
      setTimeout(() => {
        note('later', storage.getStore());
        res.end();
      }, 5);
    },
  },
  {
    name: 'AbortSignal.timeout works while a response is pending',
    app(_req, res, { note }) {
      const signal = AbortSignal.timeout(10);
      signal.addEventListener('abort', () => {
        note('aborted', (signal.reason as Error).name);
        res.end('given up');
      });
      // The timer of a signal does not keep the process alive.
      setTimeout(() => undefined, 50);
    },
  },
];

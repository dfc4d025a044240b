import { readFileSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

class Shop {
  public readonly items: string[] = [];

  public sell(item: string): never {
    const message: string = `cannot sell ${item}`;
    throw new RangeError(message, { cause: new Error('sold out') });
  }
}

/** With types and blank lines, so that lines and columns in the bundle are others. */
type Way = (res: ServerResponse) => unknown;

const sell: Way = () => new Shop().sell('tea');

const WAYS: Record<string, Way> = {
  '/caught': (res) => {
    try {
      sell(res);
    } catch (error) {
      res.end((error as Error).stack);
    }
  },
  '/logged': (res) => {
    try {
      sell(res);
    } catch (error) {
      console.error(error);
      res.end('logged');
    }
  },
  '/thrown': sell,
  '/rejected': async (res) => {
    await null;
    return sell(res);
  },
  '/forgotten': (res) => {
    void (async () => sell(res))();
  },
  '/timer': (res) => setTimeout(() => sell(res)),
  '/worker': (res) => new Worker('./thread.cjs').on('error', (error) => res.end(error.stack)),
  '/lines': (res) => res.end(new Error('the text\n    at /var/task/app.js:1:1\n    at nothing (/dev/zero:1:1)').stack),
  '/of-node': (res) => {
    try {
      readFileSync(3.5);
    } catch (error) {
      res.end((error as Error).stack);
    }
  },
  '/hook-that-calls': (res) => {
    const before = Error.prepareStackTrace!;
    Error.prepareStackTrace = (error, frames) => `mine: ${before(error, frames)}`;
    WAYS['/caught'](res);
    Error.prepareStackTrace = before;
  },
  '/hook-of-its-own': () => {
    const before = Error.prepareStackTrace;
    Error.prepareStackTrace = (error, frames) => [`mine: ${error.message}`, ...frames.map((frame) => `    at ${String(frame)}`)].join('\n');
    const failure = new Error('hooked');
    void failure.stack;
    Error.prepareStackTrace = before;
    throw failure;
  },
  '/call-sites': (res) => {
    const before = Error.prepareStackTrace;
    Error.prepareStackTrace = (_, frames) => frames;
    const [frame] = new Error('x').stack as unknown as NodeJS.CallSite[];
    Error.prepareStackTrace = before;
    res.end(frame.getFileName());
  },
};

// At load, before the runtime has the app.
if (process.env.FAILS_WITH === 'EROFS') {
  // As Node throws it where everything but /tmp is read-only.
  throw Object.assign(new Error("EROFS: read-only file system, mkdir 'cache'"), { code: 'EROFS', syscall: 'mkdir', path: 'cache' });
} else if (process.env.FAILS_WITH === 'ENOENT') {
  readFileSync(join(__dirname, 'words.json'));
}

export default (req: IncomingMessage, res: ServerResponse) => WAYS[req.url!](res);

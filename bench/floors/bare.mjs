import { IncomingMessage, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';

/**
 * The app called with prepared messages, as with an adapter that costs nothing.
 * `prepare` is not timed. The result has no door's format.
 */
export function bareListener(listener, ready) {
  return {
    prepare({ method, path, query, headers, cookies, body }) {
      const req = new IncomingMessage(new Null());
      Object.assign(req, { method, url: query ? `${path}?${query}` : path, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 });
      req.headers = { host: 'localhost', ...headers, ...(cookies && { cookie: cookies.join('; ') }), ...(body && { 'content-length': String(body.length) }) };
      if (body) {
        req.push(body);
      }
      req.push(null);
      req.complete = true;
      const res = new ServerResponse(req);
      res.assignSocket(new Null());
      return { req, res };
    },
    async handler({ req, res }) {
      await ready;
      return new Promise((resolve) => {
        res.once('finish', () => resolve(res.statusCode));
        listener(req, res);
      });
    },
  };
}

/** The same for apps that take a `Request`. */
export function bareFetch(app) {
  return {
    prepare({ method, path, query, headers, cookies, body }) {
      return new Request(`https://localhost${path}${query ? `?${query}` : ''}`, {
        method,
        headers: { ...headers, ...(cookies && { cookie: cookies.join('; ') }) },
        body,
      });
    },
    async handler(request) {
      const response = await app.fetch(request);
      await response.arrayBuffer();
      return response.status;
    },
  };
}

class Null extends Duplex {
  _read() {}

  _write(chunk, encoding, callback) {
    callback();
  }

  _writev(chunks, callback) {
    callback();
  }

  setTimeout() {
    return this;
  }

  destroySoon() {}
}

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Lambda's side of one environment: it sends events and receives results, one at a time.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html and, for extensions, runtimes-extensions-api.html
 */
export class RuntimeApi {
  #server = createServer({ keepAliveTimeout: 0 }, (req, res) => this.#serve(req, res));
  /** The promise of the next request for an event, with its resolve functions. */
  #next = withResolvers();
  #pending;
  /** Responses to extensions, which wait for events that are never sent. */
  #extensions = [];

  static async start() {
    const api = new RuntimeApi();
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get address() {
    return `127.0.0.1:${this.#server.address().port}`;
  }

  /** Resolves when the function has initialized and asks for its first event. */
  async ready() {
    await this.#next.promise;
  }

  /**
   * @param {string} event as JSON
   * @returns {Promise<{ result: string, milliseconds: number }>} `milliseconds` passed from the event to the last byte of
   *   the result, by the clock
   */
  async invoke(event) {
    const res = await this.#next.promise;
    this.#next = withResolvers();
    this.#pending = { id: randomUUID(), ...withResolvers() };
    const { id, promise } = this.#pending;
    const start = performance.now();
    res.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(event),
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + 29_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:bench',
      'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0',
    });
    res.end(event);
    const { result, end } = await promise;
    return { result, milliseconds: end - start };
  }

  /** Rejects pending promises when the environment has ended. */
  fail(error) {
    this.#next.reject(error);
    this.#next.promise.catch(() => undefined);
    this.#pending?.reject(error);
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(req, res) {
    if (req.url === '/2018-06-01/runtime/invocation/next') {
      this.#next.resolve(res);
      return;
    }
    if (req.url === '/2020-01-01/extension/event/next') {
      this.#extensions.push(res);
      return;
    }
    const chunks = [];
    for await (const chunk of req) {
      chunks.push(chunk);
    }
    const end = performance.now();
    const body = Buffer.concat(chunks).toString();
    if (req.url === '/2020-01-01/extension/register') {
      res.writeHead(200, { 'content-type': 'application/json', 'lambda-extension-identifier': randomUUID() });
      res.end('{"functionName":"bench","functionVersion":"$LATEST","handler":"handler"}');
      return;
    }
    res.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    if (req.url === `/2018-06-01/runtime/invocation/${this.#pending?.id}/response`) {
      this.#pending.resolve({ result: body, end });
    } else {
      this.fail(new Error(`${req.method} ${req.url}: ${body.slice(0, 500)}`));
    }
  }
}

/** Node 20 has no `Promise.withResolvers`. */
function withResolvers() {
  let settle;
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

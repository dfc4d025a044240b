// Serves an app as documented by its framework, and prints the port.
// node serve-plainly.mjs <file> <how> [export]
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const START = {
  listener: (app) => listening(createServer(app)),
  server: (app) => listening(app),
  koa: (app) => listening(app.listen(0)),
  fastify: async (app) => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server.address();
  },
  hapi: async (app) => {
    await app.start();
    return app.info;
  },
  nest: async (app) => {
    await app.listen(0);
    return app.getHttpServer().address();
  },
  fetch: (app) => listening(createServer((req, res) => serveFetch(typeof app === 'function' ? app : (request) => app.fetch(request), req, res))),
};

async function listening(server) {
  if (!server.listening) {
    await new Promise((resolve) => server.listen(0, resolve));
  }
  return server.address();
}

async function serveFetch(fetch, req, res) {
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
  const response = await fetch(new Request(`http://${req.headers.host}${req.url}`, {
    method: req.method,
    headers: req.headers,
    body: hasBody ? Readable.toWeb(req) : undefined,
    duplex: 'half',
  }));
  res.writeHead(response.status, [...response.headers].flat());
  if (response.body === null) {
    res.flushHeaders();
  }
  res.end(Buffer.from(await response.arrayBuffer()));
}

const [file, how, name = 'default'] = process.argv.slice(2);
const module = await import(pathToFileURL(file).href);

if (how !== 'listens') {
  let app = module[name] ?? module.default?.[name];
  if (name === 'default' && Object.hasOwn(app, 'default')) {
    app = app.default;
  }
  app = await (typeof app === 'function' && app.length === 0 && how !== 'koa' ? app() : app);
  const { port } = await START[how](app);
  process.stdout.write(`${port}\n`);
}

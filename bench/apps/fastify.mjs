import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { COOKIES, IMAGES, LARGE, MANY_HEADERS, SMALL, STREAM_CHUNK, STREAM_CHUNKS, seen } from './content.mjs';

export function makeApp() {
  const app = Fastify({ bodyLimit: 2 * 1024 * 1024 });
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (req, body, done) => done(null, body));
  app.get('/json', async () => SMALL);
  app.get('/large', async () => LARGE);
  app.post('/echo', async (req) => req.body);
  app.post('/upload', async (req) => ({ bytes: req.body.length }));
  app.get('/headers', async (req, reply) => {
    for (const [name, value] of MANY_HEADERS) {
      reply.header(name, value);
    }
    reply.header('set-cookie', COOKIES);
    return seen(req.headers);
  });
  app.get('/stream', (req, reply) => {
    reply.type('application/octet-stream').send(Readable.from(function* () {
      for (let i = 0; i < STREAM_CHUNKS; i++) {
        yield STREAM_CHUNK;
      }
    }()));
  });
  for (const path in IMAGES) {
    app.get(path, async (req, reply) => {
      reply.type('image/png');
      return IMAGES[path];
    });
  }
  return app;
}

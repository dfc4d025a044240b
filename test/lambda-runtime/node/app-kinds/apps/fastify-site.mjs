import fastify from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';

export async function site() {
  const app = fastify();
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, [...new URLSearchParams(body)]));
  app.get('/json', async (request) => ({ method: request.method, url: request.url, query: request.query }));
  app.get('/cookies', async (request, reply) => reply.header('set-cookie', ['a=1; Path=/', 'b=2']).send(`cookie: ${request.headers.cookie}`));
  app.get('/repeated', async (request, reply) => reply.header('x-multi', ['one', 'two']).send(`x-one: ${request.headers['x-one']}`));
  app.get('/client', async (request) => ({ ip: request.ip, host: request.host }));
  app.get('/large', async () => '0123456789'.repeat(20_000));
  app.get('/redirect', async (_request, reply) => reply.redirect('/json'));
  app.get('/error', () => {
    throw new Error('sync');
  });
  app.get('/async-error', async () => {
    await sleep(5);
    throw new Error('async');
  });
  app.post('/form', async (request, reply) => reply.code(201).send(request.body));
  app.post('/upload', async (request, reply) => reply.type('application/octet-stream').send(request.body));
  return app;
}

import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { setTimeout as sleep } from 'node:timers/promises';

const app = new Hono();
app.get('/json', (c) => c.json({ method: c.req.method, path: c.req.path, query: c.req.queries() }));
app.get('/cookies', (c) => {
  setCookie(c, 'a', '1');
  setCookie(c, 'b', '2', { httpOnly: true });
  return c.text(`cookie: ${JSON.stringify(getCookie(c))}`);
});
app.get('/repeated', (c) => {
  c.header('x-multi', 'one');
  c.header('x-multi', 'two', { append: true });
  return c.text(`x-one: ${c.req.header('x-one')}`);
});
app.get('/client', (c) => c.json({ host: c.req.header('host'), hostname: new URL(c.req.url).hostname }));
app.get('/large', (c) => c.text('0123456789'.repeat(20_000)));
app.get('/redirect', (c) => c.redirect('/json'));
app.get('/error', () => {
  throw new Error('sync');
});
app.get('/async-error', async () => {
  await sleep(5);
  throw new Error('async');
});
app.post('/form', async (c) => c.json(await c.req.parseBody({ all: true }), 201));
app.post('/upload', async (c) => c.body(await c.req.arrayBuffer(), 200, { 'content-type': 'application/octet-stream' }));
app.onError((_error, c) => c.text('failed', 500));

export default app;

import { Hono } from 'hono';
import { COOKIES, IMAGES, LARGE, MANY_HEADERS, SMALL, STREAM_CHUNK, STREAM_CHUNKS, seen } from './content.mjs';

export function makeApp() {
  const app = new Hono();
  app.get('/json', (c) => c.json(SMALL));
  app.get('/large', (c) => c.json(LARGE));
  app.post('/echo', async (c) => c.json(await c.req.json()));
  app.post('/upload', async (c) => c.json({ bytes: (await c.req.arrayBuffer()).byteLength }));
  app.get('/headers', (c) => {
    for (const [name, value] of MANY_HEADERS) {
      c.header(name, value);
    }
    for (const cookie of COOKIES) {
      c.header('set-cookie', cookie, { append: true });
    }
    return c.json(seen(c.req.header()));
  });
  app.get('/stream', (c) => {
    let left = STREAM_CHUNKS;
    const body = new ReadableStream({
      pull(controller) {
        if (left-- > 0) {
          controller.enqueue(new Uint8Array(STREAM_CHUNK));
        } else {
          controller.close();
        }
      },
    });
    return c.body(body, 200, { 'content-type': 'application/octet-stream' });
  });
  for (const path in IMAGES) {
    app.get(path, (c) => c.body(IMAGES[path], 200, { 'content-type': 'image/png' }));
  }
  return app;
}

import { Readable } from 'node:stream';
import Koa from 'koa';
import { COOKIES, IMAGES, LARGE, MANY_HEADERS, SMALL, STREAM_CHUNK, STREAM_CHUNKS, readBody, seen } from './content.mjs';

/** Koa has no router: one middleware answers, behind one that does nothing, since apps usually have several. */
export function makeApp() {
  const app = new Koa();
  app.use(async (ctx, next) => {
    await next();
  });
  app.use(async (ctx) => {
    switch (ctx.path) {
      case '/json':
        ctx.body = SMALL;
        return;
      case '/large':
        ctx.body = LARGE;
        return;
      case '/echo':
        ctx.body = JSON.parse(await readBody(ctx.req));
        return;
      case '/upload':
        ctx.body = { bytes: (await readBody(ctx.req)).length };
        return;
      case '/headers':
        for (const [name, value] of MANY_HEADERS) {
          ctx.set(name, value);
        }
        ctx.set('set-cookie', COOKIES);
        ctx.body = seen(ctx.headers);
        return;
      case '/stream':
        ctx.type = 'application/octet-stream';
        ctx.body = Readable.from(function* () {
          for (let i = 0; i < STREAM_CHUNKS; i++) {
            yield STREAM_CHUNK;
          }
        }());
        return;
      case '/image':
      case '/image-alb':
        ctx.type = 'image/png';
        ctx.body = IMAGES[ctx.path];
    }
  });
  return app;
}

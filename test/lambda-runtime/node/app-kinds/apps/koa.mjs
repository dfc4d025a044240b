import Koa from 'koa';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer, text } from 'node:stream/consumers';

const app = new Koa();
app.silent = true;
app.use(async (ctx) => {
  switch (`${ctx.method === 'HEAD' ? 'GET' : ctx.method} ${ctx.path}`) {
    case 'GET /json':
      ctx.body = { method: ctx.method, path: ctx.path, query: ctx.query };
      break;
    case 'GET /cookies':
      ctx.cookies.set('a', '1');
      ctx.cookies.set('b', '2');
      ctx.body = `cookie: ${ctx.get('cookie')}`;
      break;
    case 'GET /repeated':
      ctx.set('x-multi', ['one', 'two']);
      ctx.body = `x-one: ${ctx.get('x-one')}`;
      break;
    case 'GET /client':
      ctx.body = { ip: ctx.ip.replace('::ffff:', ''), host: ctx.host };
      break;
    case 'GET /large':
      ctx.body = '0123456789'.repeat(20_000);
      break;
    case 'GET /redirect':
      ctx.redirect('/json');
      break;
    case 'GET /error':
      throw new Error('sync');
    case 'GET /async-error':
      await sleep(5);
      throw new Error('async');
    case 'POST /form':
      ctx.status = 201;
      ctx.body = [...new URLSearchParams(await text(ctx.req))];
      break;
    case 'POST /upload':
      ctx.type = 'application/octet-stream';
      ctx.body = await buffer(ctx.req);
      break;
  }
});

export default app;

import { setTimeout as sleep } from 'node:timers/promises';

export default {
  fetch(request, env, ctx) {
    ctx.waitUntil(sleep(400).then(() => console.log(`${new URL(request.url).pathname.split('/')[2]} is done`)));
    return new Response('answered');
  },
};

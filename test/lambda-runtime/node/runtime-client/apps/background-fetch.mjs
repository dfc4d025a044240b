import { setTimeout as sleep } from 'node:timers/promises';

export default {
  fetch(request, env, ctx) {
    const name = new URL(request.url).pathname.split('/')[2];
    ctx.waitUntil(sleep(name === 'first' ? 0 : 600).then(() => console.log(`${name} is done at ${Date.now()}`)));
    return new Response('answered');
  },
};

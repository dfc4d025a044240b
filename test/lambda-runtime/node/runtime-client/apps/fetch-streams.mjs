// A fetch app whose bodies are streams.
import { setTimeout as sleep } from 'node:timers/promises';

const encoder = new TextEncoder();

function streamOf(pieces, { delay = 100, fails = false, onCancel } = {}) {
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (next > 0) {
        await sleep(delay);
      }
      if (next === pieces.length) {
        fails ? controller.error(new Error('the source broke')) : controller.close();
      } else {
        controller.enqueue(encoder.encode(pieces[next++]));
      }
    },
    cancel: onCancel,
  }, { highWaterMark: 0 });
}

let pulled = 0;

const ROUTES = {
  '/ok': () => new Response('ok'),
  '/pieces': () => new Response(streamOf(['first ', 'second ', 'third']), { headers: { 'content-type': 'text/plain' } }),
  '/empty': () => new Response(null, { status: 204 }),
  '/no-body': () => new Response(null, { status: 302, headers: { location: '/ok' } }),
  '/empty-stream': () => new Response(streamOf([])),
  '/fails-at-once': () => new Response(streamOf([], { fails: true })),
  '/fails-midway': () => new Response(streamOf(['half'], { fails: true, delay: 30 })),
  '/throws': () => {
    throw new Error('no response at all');
  },
  '/large': () => new Response(new ReadableStream({
    pull(controller) {
      pulled++;
      if (pulled > 320) {
        console.info('pulled to the end');
        controller.close();
      } else {
        controller.enqueue(new Uint8Array(64 * 1024).fill(98));
      }
    },
  }, { highWaterMark: 0 })),
  '/endless': (request) => {
    request.signal.addEventListener('abort', () => console.info('the signal aborted'));
    return new Response(streamOf(Array.from({ length: 200 }, (_, i) => `${i} `.repeat(500)), {
      delay: 5,
      onCancel: () => console.info('the stream was cancelled'),
    }));
  },
  '/echo': (request) => new Response(request.body, { headers: { 'content-type': 'application/octet-stream' } }),
};

export default { fetch: (request) => ROUTES[new URL(request.url).pathname](request) };

// Nuxt renders a page as a whole; a page that comes in parts is a route of its server.
export default defineEventHandler((event) => {
  setResponseHeader(event, 'content-type', 'text/html; charset=utf-8');
  return sendStream(event, new ReadableStream({
    async start(controller) {
      const write = (html) => controller.enqueue(new TextEncoder().encode(html));
      write('<!DOCTYPE html><title>streamed</title><h1>at once</h1>');
      for (const milliseconds of [400, 1200]) {
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        write(`<p class="late">after ${milliseconds} ms</p>`);
      }
      controller.close();
    },
  }));
});

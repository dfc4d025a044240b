export default defineEventHandler(async (event) => {
  switch (getRouterParam(event, 'what')) {
    case 'greet': {
      const parts = await readMultipartFormData(event);
      const [name, file] = ['name', 'file'].map((wanted) => parts.find((part) => part.name === wanted)?.data ?? Buffer.alloc(0));
      setCookie(event, 'greeted', `${name}, ${file.length} bytes, sum ${file.reduce((sum, byte) => sum + byte, 0)}`, { path: '/' });
      return sendRedirect(event, '/form', 303);
    }
    case 'upload': {
      const files = (await readMultipartFormData(event)).filter((part) => part.name === 'file');
      return files.map(({ filename, type, data }) => ({ name: filename, type, size: data.length, sum: data.reduce((sum, byte) => sum + byte, 0) }));
    }
    case 'cookies':
      setCookie(event, 'a', '1', { path: '/' });
      setCookie(event, 'b', '2', { httpOnly: true });
      return 'two cookies';
    case 'redirect': return sendRedirect(event, '/items/1?from=api', 307);
    case 'empty': return sendNoContent(event, 204);
    case 'broken': throw new Error('broken on purpose');
    case 'stream': {
      const stream = createEventStream(event);
      void (async () => {
        for (let tick = 1; tick <= 3; tick++) {
          await stream.push(String(tick));
          await new Promise((resolve) => setTimeout(resolve, 400));
        }
        await stream.close();
      })();
      return stream.send();
    }
    case 'binary':
      setResponseHeader(event, 'content-type', 'application/octet-stream');
      return Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    case 'large': return Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    case 'echo': {
      if (event.method === 'POST') {
        setResponseHeader(event, 'content-type', getRequestHeader(event, 'content-type') ?? 'text/plain');
        return (await readRawBody(event, false)) ?? '';
      }
    }
    // falls through
    default: {
      const { pathname } = getRequestURL(event);
      return { pathname, query: getQuery(event), cookie: getRequestHeader(event, 'cookie') ?? null, agent: getRequestHeader(event, 'user-agent') ?? null };
    }
  }
});

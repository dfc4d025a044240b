import { createServer, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const PAGE = `<!doctype html><title>Gallery</title><link rel="stylesheet" href="/css/site.css">
<h1>Gallery</h1>
<form method="post" action="/pictures" enctype="multipart/form-data"><input type="file" name="picture"><button>Send</button></form>
<p><a href="/slideshow">Slideshow</a></p>`;

/** A page, a form with a file, and a page that comes in parts. */
createServer(async (request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  const { pathname } = new URL(request.url!, `https://${request.headers.host}`);
  if (pathname === '/') {
    response.end(PAGE);
  } else if (pathname === '/pictures' && request.method === 'POST') {
    response.end(`<h1>Thank you</h1><p>${request.socket.remoteAddress} sent ${await bytesOf(request)} bytes to ${request.headers.host}.</p>`);
  } else if (pathname === '/slideshow') {
    for (const picture of ['The sea', 'The hills', 'The moon']) {
      response.write(`<h2>${picture}</h2>`);
      await sleep(500);
    }
    response.end();
  } else {
    response.statusCode = 404;
    response.end('<h1>Nothing here</h1>');
  }
}).listen(3000);

async function bytesOf(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of request) bytes += chunk.length;
  return bytes;
}

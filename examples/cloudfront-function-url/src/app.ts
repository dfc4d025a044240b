import { createServer } from 'node:http';

/** A catalogue: everyone reads, nobody writes. */
createServer((request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(`<h1>Catalogue</h1><p>You asked ${request.headers.host} for ${request.url}.</p>`);
}).listen(3000);

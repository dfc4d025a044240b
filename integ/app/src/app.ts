import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** Tells what it saw, so that whoever calls it through a front door can compare. */
export const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.setHeader('set-cookie', ['a=1; Path=/', 'b=2; Path=/']);
    response.end(JSON.stringify({
      method: request.method,
      url: request.url,
      host: request.headers.host,
      scheme: 'encrypted' in request.socket && request.socket.encrypted ? 'https' : 'http',
      mountedAt: request.headers['x-forwarded-prefix'],
      cookie: request.headers.cookie,
      body: Buffer.concat(chunks).toString('base64'),
      greeting: readFileSync('public/greeting.txt', 'utf8').trim(),
      release: process.env.RELEASE,
    }));
  });
});

import app from './hono.mjs';

export default async function handle(request) {
  const response = await app.fetch(request);
  response.headers.set('x-by', 'a function');
  return response;
}

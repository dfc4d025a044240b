import { redirect } from '@sveltejs/kit';

export async function handle({ event, resolve }) {
  if (event.url.pathname === '/old') redirect(308, `/items/1${event.url.search}`);
  const response = await resolve(event);
  if (event.url.pathname.startsWith('/items/')) response.headers.set('x-from-hook', 'yes');
  return response;
}

export async function onRequest({ url }, next) {
  const response = await next();
  if (url.pathname.startsWith('/items/')) response.headers.set('x-from-middleware', 'yes');
  return response;
}

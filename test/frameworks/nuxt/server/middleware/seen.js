export default defineEventHandler((event) => {
  if (event.path.startsWith('/items/')) setResponseHeader(event, 'x-from-middleware', 'yes');
});

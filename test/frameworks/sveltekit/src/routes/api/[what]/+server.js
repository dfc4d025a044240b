import { json, redirect, text } from '@sveltejs/kit';

export async function GET({ params, url, request, cookies }) {
  switch (params.what) {
    case 'cookies':
      cookies.set('a', '1', { path: '/' });
      cookies.set('b', '2', { path: '/', httpOnly: false });
      return text('two cookies');
    case 'redirect': return redirect(307, '/items/1?from=api');
    case 'empty': return new Response(null, { status: 204 });
    case 'broken': throw new Error('broken on purpose');
    case 'stream': return new Response(ReadableStream.from(ticks()), { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
    case 'binary': return new Response(Uint8Array.from({ length: 256 }, (_, byte) => byte), { headers: { 'content-type': 'application/octet-stream' } });
    case 'large': return json(Array.from({ length: 20_000 }, (_, index) => `line ${index}`));
    default: return json({ pathname: url.pathname, query: [...url.searchParams], cookie: request.headers.get('cookie'), agent: request.headers.get('user-agent') });
  }
}

export async function POST({ params, request }) {
  if (params.what === 'upload') {
    const files = (await request.formData()).getAll('file');
    return json(await Promise.all(files.map(async (file) => (
      { name: file.name, type: file.type, size: file.size, sum: new Uint8Array(await file.arrayBuffer()).reduce((sum, byte) => sum + byte, 0) }
    ))));
  }
  return new Response(await request.arrayBuffer(), { headers: { 'content-type': request.headers.get('content-type') ?? 'text/plain' } });
}

async function* ticks() {
  for (let tick = 1; tick <= 3; tick++) {
    yield new TextEncoder().encode(`data: ${tick}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

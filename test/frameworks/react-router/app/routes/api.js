import { redirect } from 'react-router';

export async function loader({ params, request }) {
  const url = new URL(request.url);
  switch (params.what) {
    case 'cookies': return new Response('two cookies', { headers: [['set-cookie', 'a=1; Path=/'], ['set-cookie', 'b=2; HttpOnly']] });
    case 'redirect': return redirect('/items/1?from=api', 307);
    case 'empty': return new Response(null, { status: 204 });
    case 'broken': throw new Error('broken on purpose');
    case 'stream': return new Response(ReadableStream.from(ticks()), { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
    case 'binary': return new Response(Uint8Array.from({ length: 256 }, (_, byte) => byte), { headers: { 'content-type': 'application/octet-stream' } });
    case 'large': return Response.json(Array.from({ length: 20_000 }, (_, index) => `line ${index}`));
    default: return Response.json({ pathname: url.pathname, query: [...url.searchParams], cookie: request.headers.get('cookie'), agent: request.headers.get('user-agent') });
  }
}

export async function action({ params, request }) {
  if (params.what === 'upload') {
    const files = (await request.formData()).getAll('file');
    return Response.json(await Promise.all(files.map(async (file) => (
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

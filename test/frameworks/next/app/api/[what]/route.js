import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';

export async function GET(request, { params }) {
  switch ((await params).what) {
    case 'cookies': {
      const jar = await cookies();
      jar.set('a', '1', { path: '/' });
      jar.set('b', '2', { httpOnly: true });
      return new Response('two cookies');
    }
    case 'redirect': return redirect('/items/1?from=api');
    case 'empty': return new Response(null, { status: 204 });
    case 'broken': throw new Error('broken on purpose');
    case 'stream': return new Response(ticks(), { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
    case 'binary': return new Response(Uint8Array.from({ length: 256 }, (_, byte) => byte), { headers: { 'content-type': 'application/octet-stream' } });
    case 'large': return Response.json(Array.from({ length: 20_000 }, (_, index) => `line ${index}`));
    default: {
      const { pathname, searchParams } = new URL(request.url);
      return Response.json({ pathname, query: [...searchParams], cookie: request.headers.get('cookie'), agent: request.headers.get('user-agent') });
    }
  }
}

export async function POST(request, { params }) {
  switch ((await params).what) {
    case 'revalidate':
      revalidatePath('/isr');
      return Response.json({ revalidated: true });
    case 'upload': {
      const files = (await request.formData()).getAll('file');
      return Response.json(await Promise.all(files.map(async (file) => (
        { name: file.name, type: file.type, size: file.size, sum: new Uint8Array(await file.arrayBuffer()).reduce((sum, byte) => sum + byte, 0) }
      ))));
    }
    default: return new Response(await request.arrayBuffer(), { headers: { 'content-type': request.headers.get('content-type') ?? 'text/plain' } });
  }
}

async function* ticks() {
  for (let tick = 1; tick <= 3; tick++) {
    yield new TextEncoder().encode(`data: ${tick}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

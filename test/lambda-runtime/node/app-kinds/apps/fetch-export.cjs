// As servers of other runtimes have it: a function that is called fetch.
exports.fetch = async (request) => {
  const { pathname, searchParams } = new URL(request.url);
  switch (`${request.method === 'HEAD' ? 'GET' : request.method} ${pathname}`) {
    case 'GET /json':
      return Response.json({ method: request.method, query: [...searchParams] });
    case 'GET /cookies': {
      const headers = new Headers({ 'content-type': 'text/plain' });
      headers.append('set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
      headers.append('set-cookie', 'b=2');
      return new Response(`cookie: ${request.headers.get('cookie')}`, { headers });
    }
    case 'GET /redirect':
      return new Response(null, { status: 302, headers: { location: '/json' } });
    case 'POST /form':
      return Response.json([...(await request.formData())], { status: 201 });
    case 'POST /upload':
      return new Response(request.body, { headers: { 'content-type': 'application/octet-stream' } });
    default:
      return new Response('not found', { status: 404 });
  }
};

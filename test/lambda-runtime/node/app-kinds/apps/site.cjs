// The site that the apps without a framework serve.
exports.listener = async (req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://app.example');
  const route = `${req.method === 'HEAD' ? 'GET' : req.method} ${pathname}`;
  const json = (value) => {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(value));
  };
  switch (route) {
    case 'GET /json':
      return json({ method: req.method, url: req.url, query: [...searchParams] });
    case 'GET /cookies':
      res.setHeader('set-cookie', ['a=1; Path=/', 'b=2; Path=/; HttpOnly']);
      return res.end(`cookie: ${req.headers.cookie}`);
    case 'GET /repeated':
      res.setHeader('x-multi', ['one', 'two']);
      return res.end(`x-one: ${req.headers['x-one']}`);
    case 'GET /client':
      return json({ ip: req.socket.remoteAddress.replace('::ffff:', ''), host: req.headers.host });
    case 'GET /large':
      return res.end('0123456789'.repeat(20_000));
    case 'GET /redirect':
      return res.writeHead(302, { location: '/json' }).end();
    case 'GET /error':
    case 'GET /async-error':
      return res.writeHead(500).end('failed');
    case 'POST /form': {
      const chunks = [];
      for await (const chunk of req) chunks.push(chunk);
      return json([...new URLSearchParams(Buffer.concat(chunks).toString())]);
    }
    case 'POST /upload':
      res.setHeader('content-type', 'application/octet-stream');
      return req.pipe(res);
    default:
      return res.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
  }
};

import { COOKIES, IMAGES, LARGE, MANY_HEADERS, SMALL, readBody, seen, sendStream } from './content.mjs';

/** A request listener without a framework. */
export function makeApp() {
  return async (req, res) => {
    const query = req.url.indexOf('?');
    const path = query < 0 ? req.url : req.url.slice(0, query);
    switch (path) {
      case '/json':
        return sendJson(res, SMALL);
      case '/large':
        return sendJson(res, LARGE);
      case '/echo':
        return sendJson(res, JSON.parse(await readBody(req)));
      case '/upload':
        return sendJson(res, { bytes: (await readBody(req)).length });
      case '/headers':
        for (const [name, value] of MANY_HEADERS) {
          res.setHeader(name, value);
        }
        res.setHeader('set-cookie', COOKIES);
        return sendJson(res, seen(req.headers));
      case '/stream':
        return sendStream(res);
      case '/image':
      case '/image-alb':
        res.setHeader('content-type', 'image/png');
        return res.end(IMAGES[path]);
      default:
        res.statusCode = 404;
        return res.end();
    }
  };
}

function sendJson(res, value) {
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(value));
}

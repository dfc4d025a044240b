import { COOKIES, IMAGES, LARGE, MANY_HEADERS, SMALL, seen, sendStream } from './content.mjs';

/** The same app for Express 4 and 5. */
export function routes(express) {
  const app = express();
  app.get('/json', (req, res) => res.json(SMALL));
  app.get('/large', (req, res) => res.json(LARGE));
  app.post('/echo', express.json({ limit: '2mb' }), (req, res) => res.json(req.body));
  app.post('/upload', express.raw({ type: () => true, limit: '2mb' }), (req, res) => res.json({ bytes: req.body.length }));
  app.get('/headers', (req, res) => {
    for (const [name, value] of MANY_HEADERS) {
      res.set(name, value);
    }
    res.set('set-cookie', COOKIES);
    res.json(seen(req.headers));
  });
  app.get('/stream', (req, res) => sendStream(res));
  for (const path in IMAGES) {
    app.get(path, (req, res) => res.type('image/png').send(IMAGES[path]));
  }
  return app;
}

import express, { Express, Request } from 'express';

const inner: Express = express();
inner.get('/json', (req: Request<object, unknown, unknown, { a?: string[] }>, res) => {
  res.json({ method: req.method, path: req.path, a: req.query.a satisfies string[] | undefined });
});
inner.get('/cookies', (req, res) => {
  res.cookie('a', '1').cookie('b', '2').send(`cookie: ${req.headers.cookie}`);
});

/** Not the only export, so the entry must name it. */
export const web: Express = express().use(inner);
export const config = { port: 3000 };

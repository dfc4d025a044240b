import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { getLambdaEvent } from 'cdk-wrapped-web-app/lambda-runtime/node';
import ejs from 'ejs';
import express, { Request } from 'express';
import multer from 'multer';

const root = join(__dirname, '..');
const app = express();

app.set('trust proxy', true);
app.set('views', join(root, 'views'));
app.engine('ejs', ejs.renderFile as never);
app.use(express.static(join(root, 'public')));

app.get('/', (req, res) => {
  res.render('index.ejs', { door: findDoor(), seen: describe(req), name: readCookies(req).name, visits: Number(readCookies(req).visits ?? 0) });
});

app.post('/greet', express.urlencoded({ extended: false }), (req, res) => {
  res.cookie('name', String(req.body.name ?? ''), { httpOnly: true });
  res.cookie('visits', String(Number(readCookies(req).visits ?? 0) + 1));
  // Relative, so that it also works below the stage of a REST API.
  res.redirect(303, './');
});

app.post('/upload', multer({ storage: multer.memoryStorage() }).single('file'), (req, res) => {
  if (!req.file) {
    res.status(400).json({ error: 'no file was sent' });
    return;
  }
  const { originalname, mimetype, size, buffer } = req.file;
  res.json({ name: originalname, type: mimetype, size, sha256: createHash('sha256').update(buffer).digest('hex') });
});

app.all('/request', (req, res) => {
  res.json(describe(req));
});

app.post('/echo', express.raw({ type: () => true, limit: '5mb' }), (req, res) => {
  res.type(req.get('content-type') ?? 'application/octet-stream').send(req.body);
});

app.get('/search', (req, res) => {
  res.json(req.query);
});

app.get('/files/:name', (req, res) => {
  res.json({ name: req.params.name, url: req.url });
});

app.get('/cookies', (_req, res) => {
  res.cookie('first', '1', { path: '/' });
  res.cookie('second', 'two words', { expires: new Date('2030-01-01T00:00:00Z') });
  res.send('two cookies');
});

app.get('/empty', (_req, res) => {
  res.status(204).end();
});

app.get('/moved', (_req, res) => {
  res.redirect('./?from=moved&umlaut=%C3%BC');
});

app.get('/protected', (_req, res) => {
  res.set('WWW-Authenticate', 'Basic realm="example"').status(401).send('who are you?');
});

app.get('/large', (_req, res) => {
  res.type('text').send('All work and no play makes Jack a dull boy.\n'.repeat(10_000));
});

app.get('/broken', () => {
  throw new Error('this route always fails');
});

/** What the app sees of a request, on any server. */
function describe(req: Request) {
  return {
    method: req.method,
    url: req.originalUrl,
    protocol: req.protocol,
    host: req.host,
    client: req.ip,
    httpVersion: req.httpVersion,
    query: req.query,
    cookies: readCookies(req),
    headers: req.headers,
  };
}

/** Behind a front door there is an event; on a plain server there is none. */
function findDoor(): string {
  const event = getLambdaEvent<any>();
  if (!event) return 'a plain server';
  if (event.requestContext.elb) return 'an Application Load Balancer';
  if (!event.requestContext.http) return 'an API Gateway REST API';
  return event.requestContext.domainName.includes('.lambda-url.') ? 'a Lambda Function URL' : 'an API Gateway HTTP API';
}

function readCookies(req: Request): Record<string, string> {
  const pairs = (req.headers.cookie ?? '').split('; ').filter(Boolean).map((pair) => pair.split('='));
  return Object.fromEntries(pairs.map(([name, ...value]) => [name, decodeURIComponent(value.join('='))]));
}

export default app;

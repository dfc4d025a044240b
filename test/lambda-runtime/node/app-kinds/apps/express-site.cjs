const { setTimeout: sleep } = require('node:timers/promises');

exports.site = (express) => {
  const app = express();
  app.use(express.urlencoded({ extended: true }));
  app.use(express.raw({ type: 'application/octet-stream' }));
  app.get('/json', (req, res) => res.json({ method: req.method, path: req.path, query: req.query }));
  app.get('/cookies', (req, res) => res.cookie('a', '1').cookie('b', '2', { httpOnly: true }).send(`cookie: ${req.headers.cookie}`));
  app.get('/repeated', (req, res) => res.set('x-multi', ['one', 'two']).type('text').send(`x-one: ${req.get('x-one')}`));
  app.get('/client', (req, res) => res.json({ ip: req.ip.replace('::ffff:', ''), host: req.get('host'), hostname: req.hostname, xhr: req.xhr, fresh: req.fresh }));
  app.get('/large', (_req, res) => res.type('text').send('0123456789'.repeat(20_000)));
  app.get('/redirect', (_req, res) => res.redirect('/json'));
  app.get('/error', () => {
    throw new Error('sync');
  });
  app.get('/async-error', async (_req, _res, next) => {
    await sleep(5);
    next(new Error('async'));
  });
  app.post('/form', (req, res) => res.status(201).json(req.body));
  app.post('/upload', (req, res) => res.type('application/octet-stream').send(req.body));
  return app;
};

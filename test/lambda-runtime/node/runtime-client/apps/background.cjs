// Works after its answers.
const { setTimeout: sleep } = require('node:timers/promises');
const { waitUntil } = require('cdk-wrapped-web-app/lambda-runtime/node');

const done = (name) => () => console.log(`${name} is done at ${Date.now()}`);

const WAYS = {
  works: (name) => waitUntil(sleep(600).then(done(name))),
  fails: (name) => waitUntil(sleep(50).then(() => { throw new Error(`${name} is broken`); })),
  throwsInTimer: (name) => {
    setTimeout(() => { throw new Error(`${name} is broken`); }, 50);
    waitUntil(sleep(150));
  },
  adds: (name) => waitUntil(sleep(200).then(() => waitUntil(sleep(400).then(done(name))))),
  never: () => waitUntil(new Promise(() => {})),
  late: (name, res) => res.on('close', () => setTimeout(() => waitUntil(sleep(20).then(done(name))), 30)),
  forgets: () => waitUntil(undefined),
  nothing: () => undefined,
};

module.exports = (req, res) => {
  const [, way, name] = req.url.split('/');
  WAYS[way](name, res);
  res.end('answered');
};

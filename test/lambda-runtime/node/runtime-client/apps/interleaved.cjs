// Answers with all that could come from another request, and writes its marker to the log wherever it runs.
const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');
const { text } = require('node:stream/consumers');
const { setTimeout: sleep } = require('node:timers/promises');
const { getLambdaContext, getLambdaEvent, waitUntil } = require('cdk-wrapped-web-app/lambda-runtime/node');

const storage = new AsyncLocalStorage();
let inFlight = 0;
let most = 0;
const pause = () => sleep(50 + Math.random() * 100);

const WAYS = {
  answers: async (mark, res) => {
    res.write(`${mark} begins, `);
    await pause();
    res.end(`${mark} ends`);
  },
  streams: async (mark, res) => {
    for (let i = 0; i < 10; i++) {
      res.write(`${mark} ${i}, `);
      await sleep(20);
    }
    res.end(`${mark} ends`);
  },
  works: async (mark, res) => {
    waitUntil(sleep(100).then(() => console.info(`work of ${mark} in ${getLambdaContext()?.awsRequestId}`)));
    res.end(mark);
  },
  worksInVain: async (mark, res) => {
    waitUntil(sleep(30).then(() => {
      throw new Error(`vain ${mark}`);
    }));
    res.end(mark);
  },
  hangs: () => undefined,
  beginsAndHangs: (mark, res) => res.write(`${mark} begins`),
  throws: (mark) => {
    throw new Error(`thrown ${mark}`);
  },
  throwsInTimer: (mark) => setTimeout(() => {
    throw new Error(`thrown ${mark}`);
  }, 10),
  throwsInEvent: (mark) => process.nextTick(() => new EventEmitter().on('it', () => {
    throw new Error(`thrown ${mark}`);
  }).emit('it')),
  forgetsRejection: (mark) => void Promise.resolve().then(() => {
    throw new Error(`thrown ${mark}`);
  }),
  destroys: (mark, res) => res.destroy(new Error(`destroyed ${mark}`)),
  beginsAndDestroys: async (mark, res) => {
    res.write(`${mark} begins`);
    await pause();
    res.destroy(new Error(`destroyed ${mark}`));
  },
};

module.exports = (req, res) => {
  const mark = req.headers['x-mark'];
  return storage.run(mark, async () => {
    const { awsRequestId } = getLambdaContext();
    console.info(`begin of ${mark} in ${awsRequestId}`);
    res.on('close', () => console.info(`close of ${mark} in ${getLambdaContext()?.awsRequestId}`));
    most = Math.max(most, ++inFlight);
    await pause();
    const seen = { url: req.url, cookie: req.headers.cookie, stored: storage.getStore(), event: getLambdaEvent().rawPath, body: await text(req) };
    await pause();
    inFlight--;
    console.info(`middle of ${mark} in ${getLambdaContext().awsRequestId}`);
    res.setHeader('x-seen', JSON.stringify({ ...seen, ids: [awsRequestId, getLambdaContext().awsRequestId] }));
    res.setHeader('x-most', most);
    res.setHeader('set-cookie', `mark=${mark}`);
    res.setHeader('content-type', 'text/plain');
    return WAYS[req.url.split('/')[1]](mark, res);
  });
};

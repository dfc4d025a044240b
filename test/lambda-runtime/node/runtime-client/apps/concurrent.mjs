// Answers with all that could be mixed up between requests that overlap.
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { getLambdaContext, getLambdaEvent } from 'cdk-wrapped-web-app/lambda-runtime/node';

const storage = new AsyncLocalStorage();
let inFlight = 0;
let most = 0;

export default (req, res) => storage.run(req.headers['x-id'], async () => {
  most = Math.max(most, ++inFlight);
  const before = getLambdaContext().awsRequestId;
  await sleep(50 + Math.random() * 100);
  const body = await json(req);
  await sleep(Math.random() * 50);
  inFlight--;
  const fail = () => {
    throw new Error(`failed ${body.id}`);
  };
  switch (body.fails) {
    case 'rejects':
      return fail();
    case 'throws in a timer':
      return setTimeout(fail, 10);
    case 'forgets a rejection':
      return void Promise.resolve().then(fail);
    case 'throws in an event':
      return process.nextTick(() => req.emit('end-of-all') || new EventEmitter().on('it', fail).emit('it'));
  }
  res.setHeader('set-cookie', `id=${body.id}`);
  res.write(`{"body":"${body.id}",`);
  await sleep(Math.random() * 20);
  res.end(`"rest":${JSON.stringify({
    url: req.url,
    header: req.headers['x-id'],
    stored: storage.getStore(),
    event: getLambdaEvent().rawPath,
    requestIds: [before, getLambdaContext().awsRequestId],
    most,
  })}}`);
});

// Takes messages of a queue at the path of events, and says which of them failed.
const { json } = require('node:stream/consumers');

module.exports = async (req, res) => {
  if (req.url !== '/events') {
    return res.end('site');
  }
  const event = await json(req);
  if (event.refuse) {
    return res.writeHead(422, { 'content-type': 'text/plain' }).end('not now');
  }
  if (event.fails) {
    throw new Error('the consumer failed');
  }
  const failed = (event.Records ?? []).filter(({ body }) => body === 'bad');
  res.setHeader('content-type', 'application/json');
  return res.end(JSON.stringify({ batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }));
};

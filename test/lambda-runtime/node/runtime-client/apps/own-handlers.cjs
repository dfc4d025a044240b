// An app that decides by itself what becomes of exceptions that nobody caught.
const waiting = new Map();
let heard = 0;

process.on('uncaughtException', (error) => {
  heard++;
  const res = waiting.get(error.message);
  res.writeHead(503, { 'content-type': 'text/plain' }).end(`the app says: ${error.message}, heard ${heard}`);
});

module.exports = (req, res) => {
  if (req.url === '/ok') {
    return res.end('ok');
  }
  waiting.set(req.url, res);
  if (req.url === '/rejects') {
    void Promise.reject(new Error(req.url));
    return undefined;
  }
  setTimeout(() => {
    throw new Error(req.url);
  }, 5);
  return undefined;
};

const http = require('node:http');
const { listener } = require('./site.cjs');

const server = http.createServer((req, res) => {
  if (req.url === '/listening') {
    res.end(JSON.stringify(typeof server.address()));
  } else {
    void listener(req, res);
  }
});
server.listen(process.env.SOCKET || '/tmp/app.sock');

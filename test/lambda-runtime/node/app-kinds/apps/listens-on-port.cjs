const http = require('node:http');
const { listener } = require('./site.cjs');

const seen = [];
const server = http.createServer((req, res) => {
  if (req.url === '/listening') {
    const address = server.address();
    res.end(JSON.stringify({ seen, listening: server.listening, address: [Object.keys(address).sort(), address.family, typeof address.port] }));
  } else {
    void listener(req, res);
  }
});
server.on('listening', () => seen.push('event'));
const returned = server.listen(process.env.PORT || 3000, () => seen.push('callback'));
seen.push(`returned itself: ${returned === server}`);

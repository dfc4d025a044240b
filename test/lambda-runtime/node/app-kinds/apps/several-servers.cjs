const http = require('node:http');

http.createServer((_req, res) => res.end('site')).listen(3000);
http.createServer((_req, res) => res.end('metrics')).listen(9090);

// Logs every request that is sent in its process, as a tracing library sees it.
const http = require('node:http');
const { waitUntil } = require('cdk-wrapped-web-app/lambda-runtime/node');

const { request } = http;
http.request = (...parameters) => {
  console.log(`observed: ${parameters[0]}`);
  return request(...parameters);
};

module.exports = (req, res) => {
  waitUntil(Promise.resolve());
  res.end('answered');
};

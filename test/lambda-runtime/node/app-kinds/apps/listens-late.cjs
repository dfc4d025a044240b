const http = require('node:http');
const { listener } = require('./site.cjs');

async function main() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  http.createServer(listener).listen(process.env.PORT || 3000);
}
main();

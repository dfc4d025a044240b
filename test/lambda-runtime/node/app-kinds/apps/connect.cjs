const connect = require('connect');
const { listener } = require('./site.cjs');

module.exports = connect().use('/mounted', (req, res) => res.end(`mounted: ${req.url}`)).use((req, res, next) => {
  listener(req, res).catch(next);
});
